import { Clock } from '../attempts/clock.js';

interface Task {
  at: number;
  run: () => void;
}

/**
 * A clock that stands still until a test moves it.
 * @publicApi
 */
export class FakeClock extends Clock {
  private elapsed = 0;
  private tasks: Task[] = [];
  private readonly work: (() => Promise<unknown>)[] = [];

  /** @param start wall-clock time in ms since 1970 */
  constructor(private readonly start = Date.UTC(2026, 0, 5, 9)) {
    super();
  }

  now(): number {
    return this.start + this.elapsed;
  }

  monotonic(): number {
    return this.elapsed;
  }

  schedule(run: () => void, ms: number): () => void {
    const task = { at: this.elapsed + ms, run };
    this.tasks.push(task);
    return () => {
      this.tasks = this.tasks.filter((other) => other !== task);
    };
  }

  /**
   * Lets `ms` pass: runs what falls due, at its own time and in order, and after each task lets
   * everything run in memory that it set off, so that this may schedule more.
   */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    const work = [...this.work];
    for (;;) {
      await atRest();
      await ended(work);
      const next = this.tasks.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.tasks = this.tasks.filter((task) => task !== next);
      this.elapsed = Math.max(this.elapsed, next.at);
      next.run();
    }
    this.elapsed = end;
    await atRest();
    await ended(work);
  }

  /** Has `advance()` wait for work that a task set off and that is not done in memory, such as a request. */
  waitFor(work: () => Promise<unknown>): void {
    this.work.push(work);
  }
}

/** When all that is under way in memory has come to rest: a few turns of the event loop. */
export async function atRest(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Work that has not ended in this time is waiting for the clock itself, in ms. */
const PATIENCE_MS = 1_000;

/** When each has ended; those that wait for the clock are taken off the list. */
async function ended(work: (() => Promise<unknown>)[]): Promise<void> {
  for (const each of [...work]) {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, 'late');
    });
    const outcome = await Promise.race([each(), patience]);
    clearTimeout(timer);
    if (outcome === 'late') work.splice(work.indexOf(each), 1);
  }
}
