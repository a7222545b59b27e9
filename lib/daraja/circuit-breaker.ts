import type { Clock } from '../attempts/clock.js';

/** What is counted, in ms, in steps of which the oldest is forgotten. */
const WINDOW_MS = 30_000;
const STEP_MS = 3_000;
/** Fewer calls in the window say nothing. */
const LEAST_CALLS = 10;
const FAILED_SHARE = 0.5;
/** How long no call is made, in ms. */
const OPEN_MS = 15_000;
/** How long one probe is waited for, in ms; then it is given to another caller. */
const PROBE_MS = 30_000;

/**
 * `open`: no calls are made. `half-open`: one may try whether it is back.
 * @publicApi
 */
export type CircuitState = 'closed' | 'open' | 'half-open';

interface Step {
  since: number;
  calls: number;
  failed: number;
}

/** Keeps calls away from an endpoint that fails, and lets one try whether it is back. */
export class CircuitBreaker {
  #steps: Step[] = [];
  /** By the monotonic clock; null while it is closed. */
  #openUntil: number | null = null;
  #probeUntil = 0;

  constructor(private readonly clock: Clock) {}

  get state(): CircuitState {
    if (this.#openUntil === null) return 'closed';
    return this.clock.monotonic() < this.#openUntil ? 'open' : 'half-open';
  }

  /** 0 where a call may be made; otherwise how long until one may be tried, in ms. */
  waitMs(): number {
    if (this.#openUntil === null) return 0;
    return (
      Math.max(this.#openUntil, this.#probeUntil, this.clock.monotonic()) - this.clock.monotonic()
    );
  }

  /** As `waitMs()`, and 0 is said to one caller at a time while nobody knows whether it is back. */
  enter(): number {
    const waitMs = this.waitMs();
    if (waitMs === 0 && this.#openUntil !== null) {
      this.#probeUntil = this.clock.monotonic() + PROBE_MS;
    }
    return waitMs;
  }

  /** Counts a call. Resolves the state; true where that has changed it. */
  record(failed: boolean): boolean {
    // A call that began before it opened says nothing new.
    if (this.state === 'open') return false;
    if (this.#openUntil !== null) {
      this.#openUntil = failed ? this.clock.monotonic() + OPEN_MS : null;
      this.#probeUntil = 0;
      this.#steps = [];
      return !failed;
    }
    this.count(failed);
    if (!failed || !this.isFailing()) return false;
    this.#openUntil = this.clock.monotonic() + OPEN_MS;
    return true;
  }

  private count(failed: boolean): void {
    const now = this.clock.monotonic();
    this.#steps = this.#steps.filter(({ since }) => now - since < WINDOW_MS);
    let step = this.#steps.at(-1);
    if (!step || now - step.since >= STEP_MS) {
      step = { since: now, calls: 0, failed: 0 };
      this.#steps.push(step);
    }
    step.calls += 1;
    if (failed) step.failed += 1;
  }

  private isFailing(): boolean {
    const calls = this.#steps.reduce((sum, step) => sum + step.calls, 0);
    const failed = this.#steps.reduce((sum, step) => sum + step.failed, 0);
    return calls >= LEAST_CALLS && failed >= FAILED_SHARE * calls;
  }
}
