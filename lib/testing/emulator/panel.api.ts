import type { AccessTokenRegister } from './access-token-register.js';
import type { CallbackCourier } from './callback-courier.js';
import type { EmulatorRequest } from './emulator-request.js';
import type { Exchange } from './exchange.js';
import { readPageBody } from './page-body.js';
import { nameOfScenario, PANEL_FAULTS } from './panel-faults.js';
import { PhoneEvents } from './phone-events.js';
import type { ScenarioBook } from './scenario-book.js';
import { timeLine } from './time-line.js';
import type { TimeLineEntry } from './time-line.js';

const ROOT = '/phone/api/panel';

export interface PanelState {
  faults: { name: string; label: string; hint: string }[];
  /** What happens to the next pushes, in this order. */
  next: string[];
  /** The latest first. */
  timeLine: TimeLineEntry[];
}

interface Emulated {
  book: ScenarioBook;
  tokens: AccessTokenRegister;
  courier: CallbackCourier;
  received: () => readonly EmulatorRequest[];
}

/** The control panel: picks faults, shows what went over the wire, sends a callback again. */
export class PanelApi {
  readonly events = new PhoneEvents(() => this.state());

  constructor(private readonly emulated: Emulated) {}

  /** Whether the path is one of the panel's. */
  static answers(path: string): boolean {
    return path === ROOT || path.startsWith(`${ROOT}/`);
  }

  async handle(exchange: Exchange): Promise<void> {
    const action = exchange.path.slice(ROOT.length + 1);
    const isRead = action === '' || action === 'events';
    if (!isRead && !Object.hasOwn(this.actions, action)) {
      return exchange.sendJson(404, { message: 'There is no such page.' });
    }
    if (exchange.method !== (isRead ? 'GET' : 'POST')) {
      return exchange.sendJson(405, { message: `Use ${isRead ? 'GET' : 'POST'}.` });
    }
    if (action === '') return exchange.sendJson(200, this.state());
    if (action === 'events') {
      this.events.connect(exchange);
      return;
    }
    const body = await readPageBody(exchange);
    if (body === null) return;
    const problem = this.actions[action]?.(body) ?? null;
    if (problem !== null) return exchange.sendJson(400, { message: problem });
    this.events.publish();
    return exchange.sendJson(200, {});
  }

  /** What each does of a body; returns what is wrong with it, or null. */
  private readonly actions: Record<string, (body: Record<string, unknown>) => string | null> = {
    next: ({ fault }) => {
      if (typeof fault !== 'string' || !Object.hasOwn(PANEL_FAULTS, fault)) {
        return `fault must be one of ${Object.keys(PANEL_FAULTS).join(', ')}.`;
      }
      this.emulated.book.next([PANEL_FAULTS[fault]?.scenario ?? {}]);
      return null;
    },
    clear: () => {
      this.emulated.book.clear();
      return null;
    },
    'revoke-tokens': () => {
      this.emulated.tokens.revokeAll();
      return null;
    },
    replay: ({ delivery }) => {
      const isKnown = typeof delivery === 'number' && this.emulated.courier.replay(delivery);
      return isKnown ? null : 'delivery must be the number of a callback in the time-line.';
    },
  };

  private state(): PanelState {
    const { book, courier, received } = this.emulated;
    return {
      faults: Object.entries(PANEL_FAULTS).map(([name, { label, hint }]) => ({
        name,
        label,
        hint,
      })),
      next: book.upcoming.map(nameOfScenario),
      timeLine: timeLine(received(), courier.deliveries),
    };
  }
}
