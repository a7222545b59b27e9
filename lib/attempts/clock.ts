/**
 * The time, as a port, so that a test can move it.
 * @publicApi
 */
export abstract class Clock {
  /** Wall-clock time in ms since 1970. */
  abstract now(): number;
  /** Monotonic time in ms from an arbitrary start; never set back, and goes on while the process is frozen. */
  abstract monotonic(): number;
  /** Runs `task` once after `ms`. Returns the function that calls it off. Never keeps the process alive. */
  abstract schedule(task: () => void, ms: number): () => void;
}

/** The machine's own time. */
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  schedule(task: () => void, ms: number): () => void {
    const timer = setTimeout(task, ms);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  }
}
