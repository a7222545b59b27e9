import { Logger } from '@nestjs/common';
import { SystemClock } from '../attempts/clock.js';
import { InProcessRateLimiter } from '../daraja/in-process-rate-limiter.js';
import { RateLimiter } from '../daraja/rate-limiter.js';
import type { RedisClient } from './redis-client.js';
import { RedisCommands } from './redis-commands.js';

const PREFIX = 'nestjs-mpesa:permit:';

/**
 * Permits for all instances, in Redis 7 or later: a key that is there for as long as there is no permit, by
 * Redis's own clock. While Redis is away each instance keeps to the limits by itself, says so once, and
 * asks Redis again every second.
 *
 * ```ts
 * rateLimiter: new RedisRateLimiter(new Redis(url, { enableOfflineQueue: false }))
 * ```
 * @publicApi
 */
export class RedisRateLimiter extends RateLimiter {
  readonly #logger = new Logger(RedisRateLimiter.name);
  readonly #redis: RedisCommands;
  readonly #local = new InProcessRateLimiter(new SystemClock());
  #away = false;

  constructor(client: RedisClient) {
    super();
    this.#redis = new RedisCommands(client);
  }

  take(key: string, intervalMs: number): Promise<number> {
    return this.orLocally(
      () => this.takeShared(PREFIX + key, String(Math.ceil(intervalMs))),
      () => this.#local.take(key, intervalMs),
    );
  }

  async block(key: string, ms: number): Promise<void> {
    // Here as well: Redis may be away when the permit is asked for.
    await this.#local.block(key, ms);
    await this.orLocally(
      () => this.blockShared(PREFIX + key, String(Math.ceil(ms))),
      () => Promise.resolve(),
    );
  }

  private async takeShared(key: string, ms: string): Promise<number> {
    if (await this.setNew(key, ms)) return 0;
    // Gone between the two: there may be a permit in a moment.
    return Math.max(1, Number(await this.#redis.run('PTTL', key)));
  }

  private async blockShared(key: string, ms: string): Promise<void> {
    if (await this.setNew(key, ms)) return;
    const longer = Number(await this.#redis.run('PEXPIRE', key, ms, 'GT'));
    // Not so: it has a longer time already, or has just come to its end.
    if (longer === 0) await this.setNew(key, ms);
  }

  private async setNew(key: string, ms: string): Promise<boolean> {
    return (await this.#redis.run('SET', key, '1', 'NX', 'PX', ms)) !== null;
  }

  private async orLocally<T>(shared: () => Promise<T>, locally: () => Promise<T>): Promise<T> {
    try {
      const answer = await shared();
      if (this.#away) this.#logger.log('Redis answers again: the instances share their limits');
      this.#away = false;
      return answer;
    } catch {
      if (!this.#away) {
        this.#logger.warn('Redis does not answer: this instance keeps to the limits by itself');
      }
      this.#away = true;
      return locally();
    }
  }
}
