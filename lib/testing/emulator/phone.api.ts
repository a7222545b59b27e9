import { EmulatorPromptError } from './emulator-prompt.js';
import type { EmulatorPrompt } from './emulator-prompt.js';
import type { Exchange } from './exchange.js';
import { isOwnPage } from './own-page.js';
import { readPageBody } from './page-body.js';
import type { PanelApi } from './panel.api.js';
import type { PhoneEvents } from './phone-events.js';
import { isPhoneFile, sendPhoneFile } from './phone-page.js';
import { phonePrompt } from './phone-state.js';
import type { PhoneState } from './phone-state.js';
import type { PromptRegister } from './prompt-register.js';
import type { ScenarioBook } from './scenario-book.js';

const PROMPT_ACTION = /^\/phone\/api\/prompts\/([^/]+)\/(pin|cancel|ignore)$/;
const NETWORK = /^\/phone\/api\/phones\/(\d{1,15})\/network$/;

/**
 * The virtual phone: its pages, and what they ask for. Needs no token: it is the customer's side.
 */
export class PhoneApi {
  constructor(
    private readonly prompts: PromptRegister,
    private readonly book: ScenarioBook,
    private readonly events: PhoneEvents,
    private readonly panel: PanelApi,
    private readonly state: () => PhoneState,
  ) {}

  async handle(exchange: Exchange): Promise<void> {
    const { path } = exchange;
    if (!isOwnPage(exchange)) {
      const message =
        'This is for pages of the emulator: open it at http://127.0.0.1 or localhost.';
      return exchange.sendJson(403, { message });
    }
    if (this.panel.answers(path)) return this.panel.handle(exchange);
    const action = PROMPT_ACTION.exec(path);
    const network = NETWORK.exec(path);
    const isAct = action !== null || network !== null;
    const isRead = path === '/phone/api/state' || path === '/phone/api/events' || isPhoneFile(path);
    if (!isAct && !isRead) return exchange.sendJson(404, { message: 'There is no such page.' });
    if (exchange.method !== (isAct ? 'POST' : 'GET')) {
      return exchange.sendJson(405, { message: `Use ${isAct ? 'POST' : 'GET'}.` });
    }
    if (action) return this.act(exchange, action[1] ?? '', action[2] ?? '');
    if (network) return this.switchNetwork(exchange, network[1] ?? '');
    if (path === '/phone/api/state') return exchange.sendJson(200, this.state());
    if (path === '/phone/api/events') {
      this.events.connect(exchange);
      return;
    }
    return sendPhoneFile(exchange);
  }

  private async act(exchange: Exchange, segment: string, action: string): Promise<void> {
    const body = await readPageBody(exchange);
    if (body === null) return;
    const id = decode(segment);
    const { pin } = body;
    if (id === null) return exchange.sendJson(400, { message: 'That is not an id.' });
    if (action === 'pin' && typeof pin !== 'string') {
      return exchange.sendJson(400, { message: 'pin must be text.' });
    }
    let prompt: EmulatorPrompt;
    try {
      prompt = this.perform(id, action, String(pin));
    } catch (error) {
      if (!(error instanceof EmulatorPromptError)) throw error;
      const status = error.reason === 'unknown' ? 404 : 409;
      return exchange.sendJson(status, { message: error.message });
    }
    return exchange.sendJson(200, { prompt: phonePrompt(prompt) });
  }

  private perform(id: string, action: string, pin: string): EmulatorPrompt {
    if (action === 'pin') return this.prompts.enterPin(id, pin);
    return action === 'cancel' ? this.prompts.cancel(id) : this.prompts.ignore(id);
  }

  private async switchNetwork(exchange: Exchange, phoneNumber: string): Promise<void> {
    const body = await readPageBody(exchange);
    if (body === null) return;
    if (typeof body.reachable !== 'boolean') {
      return exchange.sendJson(400, { message: 'reachable must be true or false.' });
    }
    this.book.setReachable(phoneNumber, body.reachable);
    this.events.publish();
    return exchange.sendJson(200, { phoneNumber, reachable: body.reachable });
  }
}

const decode = (segment: string): string | null => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
};
