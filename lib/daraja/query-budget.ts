import { Injectable, Logger } from '@nestjs/common';
import { BoundedMap } from '../bounded-map.js';
import { MpesaTelemetry } from '../telemetry/mpesa-telemetry.js';
import { NO_TELEMETRY } from '../telemetry/no-telemetry.js';
import { credentialsKey } from './credentials-key.js';
import type { DarajaAccount } from './daraja-account.js';
import { RateLimiter } from './rate-limiter.js';

type Credentials = Pick<DarajaAccount, 'baseUrl' | 'consumerKey'>;

/** The longest time for which refusals stop the queries under a key, in ms. */
const MAX_BLOCK_MS = 3_600_000;
/** Of the budget, what untrusted input may have: a fifth. */
const NUDGE_SHARE = 5;

/** What the budget is; set by the options. Injected by this class. */
export abstract class QueryBudgetSettings {
  /** Least distance of two queries under one consumer key, in ms. */
  abstract readonly minIntervalMs: number;
}

/** How often Daraja is asked what became of pushes: one budget for each app and host. */
@Injectable()
export class QueryBudget {
  readonly #logger = new Logger(QueryBudget.name);
  /** Refusals in a row, by key. */
  readonly #throttled = new BoundedMap<string, number>();

  constructor(
    private readonly limiter: RateLimiter,
    private readonly settings: QueryBudgetSettings,
    private readonly telemetry: MpesaTelemetry = NO_TELEMETRY,
  ) {}

  /** 0 where one query may be made now; otherwise how long until one may, in ms. */
  async take(account: Credentials): Promise<number> {
    const waitMs = await this.limiter.take(keyOf(account), this.settings.minIntervalMs);
    this.count(waitMs === 0 ? 'taken' : 'waiting');
    return waitMs;
  }

  /** Whether untrusted input may have a query pulled forward. Never rejects: without an answer, no. */
  async takeNudge(account: Credentials): Promise<boolean> {
    const intervalMs = NUDGE_SHARE * this.settings.minIntervalMs;
    const waitMs = await this.limiter
      .take(`${credentialsKey(account)}:nudge`, intervalMs)
      .catch(() => Infinity);
    this.count(waitMs === 0 ? 'nudge' : 'nudge-waiting');
    return waitMs === 0;
  }

  /** Counts a query that is made in any case. Never rejects. */
  charge(account: Credentials): Promise<void> {
    return this.block(account, this.settings.minIntervalMs);
  }

  /** Daraja refuses more requests: the whole key is slowed, longer each time. Never rejects. */
  async throttled(account: Credentials, retryAfterMs: number | null): Promise<void> {
    this.count('throttled');
    const key = keyOf(account);
    const times = (this.#throttled.get(key) ?? 0) + 1;
    this.#throttled.set(key, times);
    const backOffMs = this.settings.minIntervalMs * 2 ** Math.min(times, 20);
    await this.block(account, Math.min(Math.max(backOffMs, retryAfterMs ?? 0), MAX_BLOCK_MS));
  }

  /** Daraja took a request: refusals are counted anew. */
  accepted(account: Credentials): void {
    this.#throttled.delete(keyOf(account));
  }

  private count(use: string): void {
    this.telemetry.count('mpesa.query.budget', { 'mpesa.budget': use });
  }

  private async block(account: Credentials, ms: number): Promise<void> {
    try {
      await this.limiter.block(keyOf(account), ms);
    } catch (error) {
      const kind = error instanceof Error ? error.name : typeof error;
      this.#logger.warn(`A query was not counted, the rate limiter does not answer: ${kind}`);
    }
  }
}

const keyOf = (account: Credentials): string => `${credentialsKey(account)}:query`;
