import { EmulatorPromptError } from './emulator-prompt.js';
import type { EmulatorPrompt } from './emulator-prompt.js';
import type { Exchange } from './exchange.js';
import type { PhoneEvents } from './phone-events.js';
import { isPhoneFile, sendPhoneFile } from './phone-page.js';
import { phonePrompt } from './phone-state.js';
import type { PhoneState } from './phone-state.js';
import type { PromptRegister } from './prompt-register.js';

const PROMPT_ACTION = /^\/phone\/api\/prompts\/([^/]+)\/(pin|cancel|ignore)$/;

/**
 * The virtual phone: its page, and what the page asks for. Needs no token: it is the customer's
 * side.
 */
export class PhoneApi {
  constructor(
    private readonly prompts: PromptRegister,
    private readonly events: PhoneEvents,
    private readonly state: () => PhoneState,
  ) {}

  async handle(exchange: Exchange): Promise<void> {
    const { path } = exchange;
    const action = PROMPT_ACTION.exec(path);
    const isRead = path === '/phone/api/state' || path === '/phone/api/events' || isPhoneFile(path);
    if (!action && !isRead) return exchange.sendJson(404, { message: 'There is no such page.' });
    if (exchange.method !== (action ? 'POST' : 'GET')) {
      return exchange.sendJson(405, { message: `Use ${action ? 'POST' : 'GET'}.` });
    }
    if (action) return this.act(exchange, action[1] ?? '', action[2] ?? '');
    if (path === '/phone/api/state') return exchange.sendJson(200, this.state());
    if (path === '/phone/api/events') {
      this.events.connect(exchange);
      return;
    }
    return sendPhoneFile(exchange);
  }

  private async act(exchange: Exchange, segment: string, action: string): Promise<void> {
    // Another site's form cannot send JSON without asking first, and is never given leave.
    if (!exchange.isJson()) return exchange.sendJson(415, { message: 'Send application/json.' });
    const body = parse(await exchange.readBody());
    const id = decode(segment);
    if (body === null || id === null) {
      return exchange.sendJson(400, { message: 'That is not valid JSON, or not an id.' });
    }
    const { pin } = body;
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
}

/** An empty body counts as an empty object; null is not JSON, or not an object. */
const parse = (text: string): { pin?: unknown } | null => {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
};

const decode = (segment: string): string | null => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
};
