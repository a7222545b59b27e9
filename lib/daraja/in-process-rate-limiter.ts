import type { Clock } from '../attempts/clock.js';
import { RateLimiter } from './rate-limiter.js';

/** Permits of this process alone. */
export class InProcessRateLimiter extends RateLimiter {
  /** When there is a permit, by the monotonic clock. */
  readonly #nextAt = new Map<string, number>();

  constructor(private readonly clock: Clock) {
    super();
  }

  take(key: string, intervalMs: number): Promise<number> {
    const now = this.clock.monotonic();
    const waitMs = (this.#nextAt.get(key) ?? now) - now;
    if (waitMs > 0) return Promise.resolve(waitMs);
    this.#nextAt.set(key, now + intervalMs);
    return Promise.resolve(0);
  }

  block(key: string, ms: number): Promise<void> {
    const until = this.clock.monotonic() + ms;
    this.#nextAt.set(key, Math.max(this.#nextAt.get(key) ?? until, until));
    return Promise.resolve();
  }
}
