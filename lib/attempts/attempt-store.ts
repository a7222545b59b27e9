import type { Observable } from 'rxjs';
import type { AttemptRecord } from './attempt-record.js';
import type { Decide } from './decision.js';
import type { StkAttemptStatus } from './attempt-status.js';
import type { StkHistoryEntry } from './attempt-history.js';
import type { DeliveryOutcome, EventClaim, EventDelivery } from './event-delivery.js';
import type { StkEvent } from './events/stk-event.js';
import type { Evidence } from './evidence.js';
import type { StkTransaction } from './stk-transaction.js';

/**
 * An attempt to be stored; the store adds its own time. It is `created`, or `sending`: then the process that
 * opens it, and only that one, may send it, as if it had claimed it.
 */
export interface NewAttempt extends Omit<
  AttemptRecord,
  'version' | 'createdAt' | 'sentAt' | 'nextCheckAt'
> {
  /** When somebody must look at it, should nobody send it, in ms. */
  checkAfterMs: number;
}

/**
 * What became of an attempt to open one.
 *
 * - `opened`: stored; nobody else may prompt for this order now. Also where it was stored before: whoever did
 *   not hear the answer asks again.
 * - `replayed`: the idempotency key was used before with the same input; this is that attempt.
 * - `key-reused`: the key was used before with another input.
 * - `order-busy`: another attempt has a live prompt for the order.
 * - `order-paid`: another attempt has paid the order.
 */
export interface Opening {
  outcome: 'opened' | 'replayed' | 'key-reused' | 'order-busy' | 'order-paid';
  /** The new attempt, or the one that is in the way. */
  attempt: AttemptRecord;
}

/** A process's claim to send the push of one attempt. */
export interface SendClaim {
  attemptId: string;
  /** How many sends were claimed before this one; any other number in the store loses the claim. */
  sends: number;
  /** SHA-256 of the fresh callback token, hex. */
  tokenHash: string;
  /** An attempt that was created longer ago than this is never sent for the first time, in ms. */
  sendWithinMs: number;
  /** When somebody must look at it, should this process die now, in ms. */
  checkAfterMs: number;
}

/** `claimed`: you, and only you, may send. `order-paid`: another attempt paid meanwhile. `lost`: not yours. */
export interface SendClaimed {
  outcome: 'claimed' | 'order-paid' | 'lost';
  attempt: AttemptRecord;
}

/** A settled transaction: the attempt as it now is. `quarantined` where a callback failed a check. */
export interface Settlement {
  attempt: AttemptRecord;
  callback: 'applied' | 'deferred' | 'duplicate' | 'quarantined' | null;
}

/**
 * A callback that could not be tied to an attempt: kept for people to look at, never acted on.
 * @publicApi
 */
export interface QuarantinedCallback {
  /** What kept it out. */
  problem: 'malformed' | 'unknown-token' | 'source-address';
  /** The same for people, without personal data. */
  detail: string;
  /** The sender's address as the framework knows it; null where there was none. */
  sourceIp: string | null;
  /** When it came in. */
  receivedAt: Date;
  /** The body, its first 16 KiB; null where there was none that could be read. A personal datum. */
  raw: string | null;
  /** SHA-256 of the token, hex, where the URL ended in something of a token's form. */
  tokenHash: string | null;
}

/**
 * A callback in quarantine.
 * @publicApi
 */
export interface StoredQuarantine extends QuarantinedCallback {
  /** What `StkAdminService.replay()` takes. */
  id: string;
  /** When it was given to an attempt after all. */
  replayedAt: Date | null;
}

/**
 * A callback that came for an attempt, as it came.
 * @publicApi
 */
export interface StoredCallback {
  /** When it came in. */
  receivedAt: Date;
  /** What became of it then. */
  disposition: 'applied' | 'deferred' | 'quarantined';
  /** The body, its first 16 KiB; null once it was purged. A personal datum. */
  raw: string | null;
}

/**
 * Which attempts to list.
 * @publicApi
 */
export interface AttemptPage {
  /** Of these statuses alone. */
  status?: readonly StkAttemptStatus[];
  /** Only those with a flag of review that needs a person and that nobody has dealt with. */
  needsReview?: boolean;
  /** Created at or after this time. */
  since?: Date;
  /** The last attempt's id of the page before. */
  after?: string;
  /** How many at most. */
  limit: number;
}

/**
 * An event that a handler failed on for good.
 * @publicApi
 */
export interface DeadDelivery {
  /** What it was not told. */
  event: StkEvent;
  /** Its id: `Class.method`, or your own. */
  handler: string;
  /** How often it was tried. */
  tries: number;
  /** What the last try failed with. */
  error: string;
}

/**
 * How far a store's work is behind, by its own clock.
 * @publicApi
 */
export interface StoreLag {
  /** For how long the longest due delivery has been due, leased ones left out, in ms; 0 where none is. */
  outboxMs: number;
  /** Age of the oldest attempt that is created, sending, uncertain or pending, in ms; 0 without one. */
  unresolvedMs: number;
}

/**
 * Where attempts live. Each method is one transaction: when its promise resolves, what it did is
 * as durable as the store is; when it rejects, nothing happened or, at worst, the commit's outcome is
 * unknown.
 * @publicApi
 */
export abstract class AttemptStore {
  /** Ids of attempts that this process has just committed a change to. */
  abstract readonly commits: Observable<string>;

  /**
   * Stores a new attempt, if its order and its key allow it; in the caller's own transaction where one
   * is given, which then decides whether it lasts. Rejects with `StkTransactionError` where the store
   * cannot write in that transaction.
   */
  abstract open(attempt: NewAttempt, transaction?: StkTransaction): Promise<Opening>;

  /**
   * created → sending, or sending → sending for a resend: by conditional update. `known` is the attempt as
   * this store gave it to the caller: it may be taken for what is stored, where the update sees to it that
   * it still is.
   */
  abstract claimSend(claim: SendClaim, known?: AttemptRecord): Promise<SendClaimed>;

  /**
   * Reads the attempt with all that `decide` wants to know, has it decided, and writes the next
   * attempt, the callback and the events, in one transaction. Resolves with null where no such
   * attempt exists. `known` is as in `claimSend()`.
   */
  abstract settle(
    target: { attemptId: string } | { tokenHash: string },
    evidence: Evidence,
    decide: Decide,
    known?: AttemptRecord,
  ): Promise<Settlement | null>;

  /** How many are to be kept is the caller's business. */
  abstract quarantine(callback: QuarantinedCallback): Promise<void>;

  /** Callbacks in quarantine, newest first; `after` is the id of the page before's last. */
  abstract listQuarantined(page: { limit: number; after?: string }): Promise<StoredQuarantine[]>;
  /** The quarantined callback with this id, or null. */
  abstract findQuarantined(id: string): Promise<StoredQuarantine | null>;
  /** Notes that it was given to an attempt. False where that had been noted, or it is not there. */
  abstract markReplayed(quarantinedId: string): Promise<boolean>;

  /** The attempt with this id, or null. */
  abstract find(id: string): Promise<AttemptRecord | null>;
  /** The attempt that Daraja knows by this id, or null. */
  abstract findByCheckoutRequestId(checkoutRequestId: string): Promise<AttemptRecord | null>;
  /** Every attempt of an order, oldest first. */
  abstract findByOrder(orderId: string): Promise<AttemptRecord[]>;
  /** The attempt that was paid with this receipt, or null. */
  abstract findByReceipt(receipt: string): Promise<AttemptRecord | null>;

  /** Every attempt of a phone, `254` and nine digits, oldest first; not those that were erased. */
  abstract findByPhone(phoneNumber: string): Promise<AttemptRecord[]>;

  /**
   * Attempts whose personal data can go, oldest first: created before then, final, not erased yet, and
   * with no event of their order that a handler has not been told yet, or failed on.
   */
  abstract erasable(page: { createdBefore: Date; limit: number }): Promise<AttemptRecord[]>;

  /**
   * Takes away what an attempt's callbacks and events hold of a person: bodies and `metadata`. Resolves
   * with false, and does nothing, where a handler has an event of the order yet to be told. The attempt
   * itself is settled with an `erased` afterwards.
   */
  abstract forgetPerson(attemptId: string): Promise<boolean>;

  /**
   * Takes away bodies of callbacks, those in quarantine included, that came before then: at most `limit`
   * of them. Resolves with how many; those that still wait to be decided are left.
   */
  abstract forgetBodies(page: { receivedBefore: Date; limit: number }): Promise<number>;

  /** A page of attempts, newest first. */
  abstract list(page: AttemptPage): Promise<AttemptRecord[]>;
  /** What was learned of an attempt, in order. */
  abstract history(attemptId: string): Promise<StkHistoryEntry[]>;
  /** The callbacks that came for an attempt, each once, in order. */
  abstract callbacks(attemptId: string): Promise<StoredCallback[]>;

  /**
   * Leases attempts whose next look at the time is due, longest due first: nobody else is given them
   * before `leaseMs` have passed.
   */
  abstract claimDue(claim: { limit: number; leaseMs: number }): Promise<AttemptRecord[]>;

  /** Accounts of attempts whose query is due, by name, those after `after` alone. */
  abstract accountsToAsk(page: { after: string | null; limit: number }): Promise<string[]>;

  /**
   * Leases the account's attempt to ask Daraja about: of those whose query is due, the lowest rank
   * first, then the longest due. Null where there is none.
   */
  abstract claimQuery(claim: { account: string; leaseMs: number }): Promise<AttemptRecord | null>;

  /**
   * Makes handlers known, by event type: from now on each event of the type waits for each of them. A
   * handler that is new gets, of what was told before, what no handler has done yet.
   */
  abstract subscribe(handlers: ReadonlyMap<string, readonly string[]>): Promise<void>;

  /**
   * Leases deliveries that are due, in order for one order and handler. Counts the try before it
   * returns.
   */
  abstract claimEvents(claim: EventClaim): Promise<EventDelivery[]>;

  /**
   * Ends a lease. Resolves with false where the lease had been lost to somebody else: then nothing
   * is written.
   */
  abstract acknowledge(delivery: EventDelivery, outcome: DeliveryOutcome): Promise<boolean>;

  /** Prolongs a lease by `leaseMs` from now. Resolves with false where it had been lost. */
  abstract renew(delivery: EventDelivery, leaseMs: number): Promise<boolean>;

  /** Deliveries that were parked, oldest first. */
  abstract deadEvents(limit: number): Promise<DeadDelivery[]>;
  /** How many deliveries are parked. */
  abstract countDeadEvents(): Promise<number>;

  /** Read often, by every instance: must not grow with what is kept, nor with what waits. */
  abstract lag(): Promise<StoreLag>;

  /** Has a parked delivery tried again, its tries counted from 0. False where it is not parked. */
  abstract redrive(delivery: { eventId: string; handler: string }): Promise<boolean>;

  /**
   * Lets a handler that no process has any more be told nothing more, and drops what waits for it or is
   * parked for it: how many deliveries. Subscribed once more, it is a new handler to which what it did
   * before is not told again.
   */
  abstract forgetHandler(handler: string): Promise<number>;
}
