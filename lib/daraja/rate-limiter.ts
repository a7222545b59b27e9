/**
 * Spaces calls out, as a port: for each key, the time before which nobody is given a permit. Several
 * instances of an application share one, so that they keep to a budget together.
 *
 * Keys are hashes with a word behind them: no credential can be read from them. Time is the limiter's
 * own, so that the clocks of the instances have no say.
 * @publicApi
 */
export abstract class RateLimiter {
  /**
   * Takes the permit of `key`, if there is one now; the next is there `intervalMs` later. Of several
   * callers at once one is given it.
   *
   * @returns 0 when it was taken; otherwise how long until there is one, in ms
   */
  abstract take(key: string, intervalMs: number): Promise<number>;

  /**
   * Gives out no permit of `key` for `ms` from now, and never shortens a longer time: how a call that is
   * made without asking is charged, and how a key is slowed down.
   */
  abstract block(key: string, ms: number): Promise<void>;
}
