import type { AccessTokenRegister } from './access-token-register.js';
import type { CallbackCourier } from './callback-courier.js';
import type { EmulatorRequest } from './emulator-request.js';
import type { Exchange } from './exchange.js';
import { readPageBody } from './page-body.js';
import { EMULATOR_SCENARIOS } from './emulator-scenarios.js';
import { nameOfScenario, PANEL_FAULTS, scenarioNamed } from './panel-faults.js';
import { PhoneEvents } from './phone-events.js';
import type { ScenarioBook } from './scenario-book.js';
import { timeLine } from './time-line.js';
import type { TimeLineEntry } from './time-line.js';

export interface PanelState {
  faults: { name: string; label: string; hint: string }[];
  /** Names of the ready-made scenarios. */
  scenarios: string[];
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

const STATE = '/phone/api/panel';
const EVENTS = `${STATE}/events`;
const READS = [STATE, EVENTS];

const WHICH_SCENARIO =
  `scenario must be one of ${Object.keys(PANEL_FAULTS).join(', ')}, ` +
  'or the name of a ready-made scenario of the emulator.';

interface Refusal {
  status: 400 | 404;
  message: string;
}

/** What a page can have done: by path, with what the path's parentheses hold. */
interface Action {
  path: RegExp;
  act: (body: Record<string, unknown>, segment: string) => Refusal | null;
}

/** The control panel: picks faults, shows what went over the wire, sends a callback again. */
export class PanelApi {
  readonly events = new PhoneEvents(() => this.state());

  constructor(private readonly emulated: Emulated) {}

  /** Whether the path is one of the panel's. */
  answers(path: string): boolean {
    return READS.includes(path) || this.actions.some((action) => action.path.test(path));
  }

  async handle(exchange: Exchange): Promise<void> {
    const { path } = exchange;
    const isRead = READS.includes(path);
    if (exchange.method !== (isRead ? 'GET' : 'POST')) {
      return exchange.sendJson(405, { message: `Use ${isRead ? 'GET' : 'POST'}.` });
    }
    if (path === STATE) return exchange.sendJson(200, this.state());
    if (path === EVENTS) {
      this.events.connect(exchange);
      return;
    }
    const body = await readPageBody(exchange);
    if (body === null) return;
    for (const action of this.actions) {
      const match = action.path.exec(path);
      const refusal = match && action.act(body, match[1] ?? '');
      if (refusal) return exchange.sendJson(refusal.status, { message: refusal.message });
    }
    this.events.publish();
    return exchange.sendJson(200, {});
  }

  private readonly actions: readonly Action[] = [
    {
      path: /^\/phone\/api\/next$/,
      act: ({ scenario: name }) => {
        const scenario = typeof name === 'string' ? scenarioNamed(name) : undefined;
        if (!scenario) return { status: 400, message: WHICH_SCENARIO };
        this.emulated.book.next([scenario]);
        return null;
      },
    },
    {
      path: /^\/phone\/api\/next\/clear$/,
      act: () => {
        this.emulated.book.clear();
        return null;
      },
    },
    {
      path: /^\/phone\/api\/tokens\/revoke$/,
      act: () => {
        this.emulated.tokens.revokeAll();
        return null;
      },
    },
    {
      path: /^\/phone\/api\/deliveries\/(\d{1,9})\/replay$/,
      act: (_body, delivery) =>
        this.emulated.courier.replay(Number(delivery))
          ? null
          : { status: 404, message: 'No callback of that number was sent.' },
    },
  ];

  private state(): PanelState {
    const { book, courier, received } = this.emulated;
    return {
      faults: Object.entries(PANEL_FAULTS).map(([name, { label, hint }]) => ({
        name,
        label,
        hint,
      })),
      scenarios: Object.keys(EMULATOR_SCENARIOS),
      next: book.upcoming.map(nameOfScenario),
      timeLine: timeLine(received(), courier.deliveries),
    };
  }
}
