import { Clock } from '../../../lib/attempts/clock.js';

interface Task {
  at: number;
  /** In the order of scheduling, for the same time. */
  turn: number;
  run: () => void;
}

/** The time of a simulated world: goes from one thing that happens to the next. */
export class WorldClock extends Clock {
  private elapsed = 0;
  private turns = 0;
  private readonly heap: Task[] = [];

  now(): number {
    return Date.UTC(2026, 0, 5, 9) + this.elapsed;
  }

  monotonic(): number {
    return this.elapsed;
  }

  schedule(run: () => void, ms: number): () => void {
    // As Node's timers: whole milliseconds, and at least one.
    const at = this.elapsed + Math.max(1, Math.trunc(ms));
    const task: Task = { at, turn: (this.turns += 1), run };
    this.push(task);
    return () => {
      task.run = () => undefined;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(resolve, ms);
    });
  }

  /** Lets everything happen that happens until then. */
  async runUntil(end: number, afterEach: () => void | Promise<void>): Promise<void> {
    for (let next = this.heap[0]; next && next.at <= end; next = this.heap[0]) {
      this.pop();
      this.elapsed = Math.max(this.elapsed, next.at);
      next.run();
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      await afterEach();
    }
    this.elapsed = end;
  }

  private push(task: Task): void {
    const { heap } = this;
    let i = heap.push(task) - 1;
    for (let parent = (i - 1) >> 1; i > 0 && isBefore(task, heap[parent]!); parent = (i - 1) >> 1) {
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = task;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left;
      if (child >= heap.length || isBefore(last, heap[child]!)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
  }
}

const isBefore = (a: Task, b: Task): boolean => a.at < b.at || (a.at === b.at && a.turn < b.turn);
