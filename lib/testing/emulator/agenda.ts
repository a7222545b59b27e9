import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../attempts/clock.js';

interface Entry {
  dueAt: number;
  callOff: () => void;
  done: Promise<void>;
}

/** What is going to happen, by the emulator's clock, and what is happening now. */
export class Agenda {
  private readonly entries = new Set<Entry>();
  private readonly underWay = new Set<Promise<void>>();
  private stopped = false;

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  /**
   * Runs `task` after `ms`; at once, without a turn of the clock, if that is 0. Returns how to call
   * it off.
   */
  after(ms: number, task: () => void): () => void {
    if (this.stopped) return () => undefined;
    if (ms <= 0) {
      task();
      return () => undefined;
    }
    let finish: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (finish = resolve));
    const leave = (): void => {
      this.entries.delete(entry);
      finish();
    };
    const stopTimer = this.clock.schedule(() => {
      if (!this.entries.has(entry)) return;
      try {
        task();
      } finally {
        leave();
      }
    }, ms);
    const callOff = (): void => {
      stopTimer();
      leave();
    };
    const entry: Entry = { dueAt: this.clock.monotonic() + ms, callOff, done };
    this.entries.add(entry);
    return callOff;
  }

  /** Ends after `ms`, or never if the agenda is stopped before. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Counts `work` as under way until it ends, well or not. */
  track(work: Promise<unknown>): void {
    const tracked: Promise<void> = work
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        this.underWay.delete(tracked);
      });
    this.underWay.add(tracked);
  }

  /** Ends when nothing is under way and nothing on the agenda is due. */
  async idle(): Promise<void> {
    for (;;) {
      // What has just become due, or has just been answered, gets under way in this turn.
      await turn();
      const waiting = this.current();
      if (waiting.length === 0) return;
      await Promise.all(waiting);
    }
  }

  /** Calls off everything that is to come; nothing can be added any more. */
  stop(): void {
    this.stopped = true;
    for (const entry of [...this.entries]) entry.callOff();
  }

  private current(): Promise<void>[] {
    const now = this.clock.monotonic();
    const due = [...this.entries].filter((entry) => entry.dueAt <= now);
    return [...this.underWay, ...due.map((entry) => entry.done)];
  }
}
