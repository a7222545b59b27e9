import type { Agenda } from './agenda.js';
import { callbackBody } from './callback-body.js';
import type { DarajaIds } from './daraja-ids.js';
import type { CallbackDelivery, EmulatorDelivery } from './emulator-delivery.js';
import type { PromptEntry } from './emulator-prompt.js';
import type { CallbackScript } from './emulator-scenario.js';
import type { ScenarioBook } from './scenario-book.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message || error.name : String(error);

const statusOf = (answer: unknown): number | null =>
  typeof answer === 'object' &&
  answer !== null &&
  'status' in answer &&
  typeof answer.status === 'number'
    ? answer.status
    : null;

/** Delivers the callbacks of a prompt that is over: each once, whatever the receiver answers. */
export class CallbackCourier {
  readonly deliveries: EmulatorDelivery[] = [];
  private readonly closing = new AbortController();
  /** Callbacks that wait for one of another prompt. */
  private held: { promptId: string; release: () => void }[] = [];

  constructor(
    private readonly agenda: Agenda,
    private readonly ids: DarajaIds,
    private readonly book: ScenarioBook,
    private readonly post: (delivery: CallbackDelivery) => Promise<unknown>,
  ) {}

  /** Sets out with the callbacks of the prompt's scenario. */
  dispatch(entry: PromptEntry): void {
    if (!this.closing.signal.aborted) this.sendFrom(entry, entry.scenario.callbacks ?? [{}], 0);
  }

  /** Breaks off what is under way. */
  close(): void {
    this.held = [];
    this.closing.abort(new Error('The emulator was closed'));
  }

  private sendFrom(entry: PromptEntry, scripts: readonly CallbackScript[], index: number): void {
    const script = scripts[index];
    if (!script) {
      entry.markDelivered();
      return;
    }
    const together = [script];
    for (let next = index + 1; scripts[next]?.withPrevious; next += 1) {
      together.push(...scripts.slice(next, next + 1));
    }
    const go = (): void => {
      const sent = Promise.all(together.map((each) => this.deliver(entry, each)));
      this.agenda.track(
        sent.then(() => {
          entry.markDelivered();
          this.release(entry.view.id);
          this.sendFrom(entry, scripts, index + together.length);
        }),
      );
    };
    if (script.afterAnotherPrompt) this.held.push({ promptId: entry.view.id, release: go });
    else this.agenda.after(this.book.draw(script.delayMs), go);
  }

  private release(deliveredId: string): void {
    const released = this.held.filter(({ promptId }) => promptId !== deliveredId);
    this.held = this.held.filter(({ promptId }) => promptId === deliveredId);
    for (const { release } of released) release();
  }

  private async deliver({ view }: PromptEntry, script: CallbackScript): Promise<void> {
    const now = this.agenda.now();
    const { signal } = this.closing;
    const body = JSON.stringify(callbackBody(view, script, () => this.ids.receipt(now)));
    const headers = {
      'Content-Type': 'application/json;charset=UTF-8',
      Businessshortcode: view.shortCode,
    };
    const delivery: Mutable<EmulatorDelivery> = {
      checkoutRequestId: view.id,
      url: view.callbackUrl,
      headers,
      body,
      at: now,
      state: 'under-way',
      status: null,
      error: null,
    };
    this.deliveries.push(delivery);
    try {
      const answer = await unlessAborted(
        this.post({ url: view.callbackUrl, headers: { ...headers }, body, signal }),
        signal,
      );
      Object.assign(delivery, { state: 'answered', status: statusOf(answer) });
    } catch (error) {
      Object.assign(delivery, { state: 'failed', error: messageOf(error) });
    }
  }
}

/** So that a receiver of the user's own which never answers cannot keep the emulator open. */
const unlessAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const fail = (): void => {
      reject(new Error('The emulator was closed'));
    };
    signal.addEventListener('abort', fail, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', fail);
    });
  });
