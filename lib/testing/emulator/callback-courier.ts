import { setMaxListeners } from 'node:events';
import type { Agenda } from './agenda.js';
import { callbackBody } from './callback-body.js';
import type { DarajaIds } from './daraja-ids.js';
import type { CallbackDelivery, EmulatorDelivery } from './emulator-delivery.js';
import type { PromptEntry } from './emulator-prompt.js';
import type { CallbackScript } from './emulator-scenario.js';
import type { ScenarioBook } from './scenario-book.js';

type Callback = Pick<EmulatorDelivery, 'checkoutRequestId' | 'url' | 'headers' | 'body'>;
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
    private readonly changed: () => void,
  ) {
    // As many as there are callbacks under way: Node takes more than ten for a leak, and says so.
    setMaxListeners(Infinity, this.closing.signal);
  }

  /** Sets out with the callbacks of the prompt's scenario. */
  dispatch(entry: PromptEntry): void {
    if (!this.closing.signal.aborted) this.sendFrom(entry, entry.scenario.callbacks ?? [{}], 0);
  }

  /** Sends a callback again, as it was. False where there is none of that number. */
  replay(index: number): boolean {
    const sent = this.deliveries[index];
    if (!sent) return false;
    this.agenda.track(this.carry(sent));
    return true;
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
    const body = JSON.stringify(callbackBody(view, script, () => this.ids.receipt(now)));
    const headers = {
      'Content-Type': 'application/json;charset=UTF-8',
      Businessshortcode: view.shortCode,
    };
    await this.carry({ checkoutRequestId: view.id, url: view.callbackUrl, headers, body });
  }

  private async carry(callback: Callback): Promise<void> {
    const { checkoutRequestId, url, headers, body } = callback;
    const { signal } = this.closing;
    const delivery: Mutable<EmulatorDelivery> = {
      checkoutRequestId,
      url,
      headers,
      body,
      at: this.agenda.now(),
      state: 'under-way',
      status: null,
      error: null,
    };
    this.deliveries.push(delivery);
    this.changed();
    try {
      const answer = await unlessAborted(
        this.post({ url, headers: { ...headers }, body, signal }),
        signal,
      );
      Object.assign(delivery, { state: 'answered', status: statusOf(answer) });
    } catch (error) {
      Object.assign(delivery, { state: 'failed', error: messageOf(error) });
    }
    this.changed();
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
