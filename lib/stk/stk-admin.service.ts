import { Injectable } from '@nestjs/common';
import type { StkHistoryEntry } from '../attempts/attempt-history.js';
import {
  AttemptStore,
  type AttemptPage,
  type DeadDelivery,
  type StoredCallback,
} from '../attempts/attempt-store.js';
import { toStkAttempt, type StkAttempt } from '../attempts/stk-attempt.js';

const PAGE = 50;

/**
 * For the people who run the shop: what is there, how it came to be, and what to try again. Has no HTTP
 * route; call it from where your own authorisation is.
 * @publicApi
 */
@Injectable()
export class StkAdminService {
  constructor(private readonly store: AttemptStore) {}

  /**
   * A page of attempts, newest first; 50 unless `limit` says otherwise. The next page comes `after` the
   * last attempt of this one.
   */
  async list(page: Partial<AttemptPage> = {}): Promise<StkAttempt[]> {
    return (await this.store.list({ limit: PAGE, ...page })).map(toStkAttempt);
  }

  /** All that was learned of an attempt, in order, and what it made of it. */
  history(attemptId: string): Promise<StkHistoryEntry[]> {
    return this.store.history(attemptId);
  }

  /** The callbacks that came for an attempt, as they came: with personal data in them. */
  callbacks(attemptId: string): Promise<StoredCallback[]> {
    return this.store.callbacks(attemptId);
  }

  /** Events that a handler failed on for good, oldest first; 50 unless `limit` says otherwise. */
  deadEvents(limit = PAGE): Promise<DeadDelivery[]> {
    return this.store.deadEvents(limit);
  }

  /** Gives a parked event to its handler again. Resolves with false where it is not parked. */
  redrive(delivery: { eventId: string; handler: string }): Promise<boolean> {
    return this.store.redrive(delivery);
  }
}
