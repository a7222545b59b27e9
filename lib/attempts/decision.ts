import type { AttemptRecord } from './attempt-record.js';
import type { StkEvent } from './events/stk-event.js';
import type { Evidence } from './evidence.js';

/** What the store knows beside the attempt, read in the same transaction. */
export interface StoreFacts {
  /** The store's own clock. */
  now: Date;
  /** The attempt that settled this order, if any. */
  settledBy: string | null;
  /** The attempt that holds the receipt of the evidence, if any. */
  receiptOwner: string | null;
  /** Another attempt that holds the CheckoutRequestID of the evidence or of this attempt, if any. */
  checkoutRequestIdOwner: string | null;
}

export interface Decision {
  /** The next attempt; the very same object where nothing changes. */
  attempt: AttemptRecord;
  events: StkEvent[];
  /** Whether this attempt is now the one that paid its order. */
  settlesOrder: boolean;
  /** What became of a callback; null for other evidence. */
  callback: 'applied' | 'deferred' | 'quarantined' | null;
}

/** `decide()` with its policy filled in, as a store calls it. Pure. */
export type Decide = (attempt: AttemptRecord, evidence: Evidence, facts: StoreFacts) => Decision;
