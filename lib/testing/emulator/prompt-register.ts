import type { Agenda } from './agenda.js';
import type { DarajaIds } from './daraja-ids.js';
import { EmulatorPromptError, isOver } from './emulator-prompt.js';
import type {
  AcceptedPush,
  EmulatorPrompt,
  EmulatorPromptStatus,
  PromptEntry,
} from './emulator-prompt.js';
import type { EmulatorScenario } from './emulator-scenario.js';
import { resultText } from './result-texts.js';
import type { ScenarioBook } from './scenario-book.js';

const STATUS_OF_RESULT: Record<string, EmulatorPromptStatus> = {
  '0': 'paid',
  '1019': 'expired',
  '1031': 'cancelled',
  '1032': 'cancelled',
  '1037': 'expired',
  '2001': 'wrong-pin',
};

interface PromptRegisterOptions {
  pin: string;
  lifetimeMs: number;
  /** Called after each change. */
  changed: () => void;
  /** Called once for each prompt, when it is over. */
  settled: (entry: PromptEntry) => void;
}

/** All prompts: they ring, are answered by a script or a person, or expire. */
export class PromptRegister {
  readonly views = new Map<string, EmulatorPrompt>();
  private readonly entries = new Map<string, PromptEntry>();
  /** The prompt that holds a phone, by number. */
  private readonly live = new Map<string, string>();

  constructor(
    private readonly agenda: Agenda,
    private readonly ids: DarajaIds,
    private readonly book: ScenarioBook,
    private readonly options: PromptRegisterOptions,
  ) {}

  isLocked(phoneNumber: string): boolean {
    return this.live.has(phoneNumber);
  }

  find(id: string): PromptEntry | undefined {
    return this.entries.get(id);
  }

  ring(push: AcceptedPush, scenario: EmulatorScenario): PromptEntry {
    const { misassigned, ...asked } = push;
    const now = this.agenda.now();
    let markDelivered: () => void = () => undefined;
    const delivered = new Promise<void>((resolve) => (markDelivered = resolve));
    const view: EmulatorPrompt = {
      ...asked,
      id: this.ids.checkoutRequest(now, push.phoneNumber),
      merchantRequestId: this.ids.request(),
      createdAt: new Date(now).toISOString(),
      expiresAt: new Date(now + this.options.lifetimeMs).toISOString(),
      status: 'ringing',
      resultCode: null,
      resultDesc: null,
      settledAt: null,
      receipt: null,
    };
    const entry: PromptEntry = {
      view,
      scenario,
      misassigned,
      callOffExpiry: () => undefined,
      pendingQueries: 0,
      settledQueries: 0,
      delivered,
      markDelivered,
    };
    this.entries.set(view.id, entry);
    this.live.set(view.phoneNumber, view.id);
    this.change(entry, {});
    if (!this.isScripted(entry)) {
      entry.callOffExpiry = this.agenda.after(this.options.lifetimeMs, () => {
        this.settle(entry, 1037);
      });
    }
    return entry;
  }

  /** Lets the customer of the script act; to be called when the push was answered. */
  play(entry: PromptEntry): void {
    const { customer = 'waits' } = entry.scenario;
    if (customer === 'waits' || entry.view.status !== 'ringing') return;
    if (customer === 'ignores') {
      this.change(entry, { status: 'ignored' });
      return;
    }
    this.agenda.after(this.book.draw(customer.afterMs), () => {
      this.settle(entry, customer.resultCode, customer.resultDesc);
    });
  }

  enterPin(id: string, pin: string = this.options.pin): EmulatorPrompt {
    const entry = this.ringing(id);
    return this.settle(entry, pin === this.options.pin ? 0 : 2001);
  }

  cancel(id: string): EmulatorPrompt {
    return this.settle(this.ringing(id), 1032);
  }

  /** Closes it on the phone; Daraja hears of it at the end of its lifetime. */
  ignore(id: string): EmulatorPrompt {
    return this.change(this.ringing(id), { status: 'ignored' });
  }

  private ringing(id: string): PromptEntry {
    const entry = this.entries.get(id);
    if (!entry) throw new EmulatorPromptError('unknown', 'There is no such prompt.');
    if (entry.view.status !== 'ringing') {
      throw new EmulatorPromptError('answered', `The prompt is ${entry.view.status} already.`);
    }
    return entry;
  }

  /**
   * A scripted customer may answer after the prompt's usual lifetime: that is how money comes late.
   */
  private isScripted({ scenario: { customer } }: PromptEntry): boolean {
    return typeof customer === 'object';
  }

  private settle(entry: PromptEntry, code: number | string, text?: string): EmulatorPrompt {
    if (isOver(entry.view)) return entry.view;
    // Daraja finds a wrong PartyB or TransactionType only when the money is to move.
    const wrong = String(code) === '0' ? entry.misassigned : null;
    const resultCode = wrong ?? code;
    const now = this.agenda.now();
    entry.callOffExpiry();
    this.live.delete(entry.view.phoneNumber);
    const status = STATUS_OF_RESULT[String(resultCode)] ?? 'failed';
    const view = this.change(entry, {
      status,
      resultCode,
      resultDesc: (wrong === null ? text : undefined) ?? resultText(resultCode, 'callback'),
      settledAt: new Date(now).toISOString(),
      receipt: status === 'paid' ? this.ids.receipt(now) : null,
    });
    this.options.settled(entry);
    return view;
  }

  private change(entry: PromptEntry, change: Partial<EmulatorPrompt>): EmulatorPrompt {
    entry.view = Object.freeze({ ...entry.view, ...change });
    this.views.set(entry.view.id, entry.view);
    this.options.changed();
    return entry.view;
  }
}
