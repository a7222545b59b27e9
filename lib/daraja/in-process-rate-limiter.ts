import type { Clock } from '../attempts/clock.js';
import { RateLimiter } from './rate-limiter.js';

/** So many keys are not worth a look. */
const FEW = 1_000;

/** Permits of this process alone. */
export class InProcessRateLimiter extends RateLimiter {
  /** When there is a permit, by the monotonic clock. */
  readonly #nextAt = new Map<string, number>();
  #pruneAt = FEW;

  constructor(private readonly clock: Clock) {
    super();
  }

  /** How many keys are noted. */
  get size(): number {
    return this.#nextAt.size;
  }

  take(key: string, intervalMs: number): Promise<number> {
    const now = this.clock.monotonic();
    const waitMs = (this.#nextAt.get(key) ?? now) - now;
    if (waitMs > 0) return Promise.resolve(waitMs);
    this.note(key, now + intervalMs);
    return Promise.resolve(0);
  }

  block(key: string, ms: number): Promise<void> {
    const until = this.clock.monotonic() + ms;
    this.note(key, Math.max(this.#nextAt.get(key) ?? until, until));
    return Promise.resolve();
  }

  /** What has passed is as good as never noted: whenever the map has doubled, that goes. */
  private note(key: string, nextAt: number): void {
    this.#nextAt.set(key, nextAt);
    if (this.#nextAt.size <= this.#pruneAt) return;
    const now = this.clock.monotonic();
    for (const [other, at] of this.#nextAt) if (at <= now) this.#nextAt.delete(other);
    this.#pruneAt = Math.max(FEW, 2 * this.#nextAt.size);
  }
}
