import type { StkTransactionType } from '../daraja/daraja-account.js';
import type { StkFailureReason } from '../daraja/result-codes.types.js';
import type { StkAttemptStatus } from './attempt-status.js';
import type { JsonObject } from './json.js';
import type { StkReviewFlag } from './review-flag.js';

/**
 * Whose word completed an attempt.
 * @publicApi
 */
export type StkConfirmedBy = 'callback' | 'query' | 'operator';

/** Who said it, and the ResultCode. */
export type HeardAnswer = `${'callback' | 'query'}:${string}`;

/** A success that a trusted callback reported and that waits for its confirmation. */
export interface NotedSuccess {
  receipt: string | null;
  paidAt: Date | null;
}

/**
 * An attempt as the store keeps it. Never changed in place: `decide()` returns the next one, and a
 * store writes it only where `version` is still the one that was read.
 */
export interface AttemptRecord {
  readonly id: string;
  /** Rises with every write. */
  readonly version: number;
  readonly status: StkAttemptStatus;
  readonly account: string;
  readonly orderId: string | null;
  /** What is paid at most once: the order, else the idempotency key, else this attempt alone. */
  readonly order: string;
  /** `order` while this attempt bars a second live prompt for it; null once released. Unique. */
  readonly orderSlot: string | null;
  /** Given back (null) by a rejected attempt. Unique. */
  readonly idempotencyKey: string | null;
  /** SHA-256 of the input, hex: a replay of a key must bring the same. */
  readonly fingerprint: string;
  readonly phoneNumber: string;
  /** Whole shillings. */
  readonly amount: number;
  readonly accountReference: string;
  readonly transactionDesc: string;
  readonly transactionType: StkTransactionType;
  /** The caller's own callback URL, where one was given. */
  readonly callbackUrl: string | null;
  readonly metadata: JsonObject | null;
  /** SHA-256 of the callback token of the latest claim, hex. Unique. */
  readonly tokenHash: string | null;
  /** How often a send was claimed. */
  readonly sends: number;
  readonly merchantRequestId: string | null;
  readonly checkoutRequestId: string | null;
  /** Who told us the ids; those of our own push response win. */
  readonly idsFrom: 'response' | 'callback' | null;
  /** Final answers heard so far, once each: `callback:0`, `query:1032`. Tells contradictions apart from repeats. */
  readonly heard: readonly HeardAnswer[];
  readonly noted: NotedSuccess | null;
  readonly receipt: string | null;
  readonly resultCode: string | null;
  readonly reason: StkFailureReason | null;
  readonly confirmedBy: StkConfirmedBy | null;
  readonly late: boolean;
  readonly review: readonly StkReviewFlag[];
  /** Those flags of `review` that a person has dealt with. */
  readonly reviewed: readonly StkReviewFlag[];
  /** The last negative thing that an event told the application; a success after it is late. */
  readonly told: 'expired' | 'rejected' | 'failed' | null;
  /** Whether Daraja ever said anything about this payment when asked. */
  readonly queryAnswered: boolean;
  /** Whether an untrustworthy callback has had its one query pulled forward. */
  readonly nudged: boolean;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  readonly promptedAt: Date | null;
  readonly settledAt: Date | null;
  readonly paidAt: Date | null;
  /** When somebody must look at the time next; null when nothing is left to find out. */
  readonly nextCheckAt: Date | null;
  /** When Daraja is to be asked next; null while there is nothing to ask, or nobody to ask about. */
  readonly askAt: Date | null;
  /** Of those that are due, a lower one is asked about first; null with `askAt`. */
  readonly askRank: number | null;
  /** How often Daraja was asked by schedule. */
  readonly looks: number;
  /** W3C traceparent of the work that opened it, so that what comes later belongs to the same trace. */
  readonly traceparent: string | null;
}
