import type { AttemptRecord } from '../attempt-record.js';
import type { Evidence } from '../evidence.js';

/** What a store has to look up for `decide()`, beside the attempt and its order's settlement. */
export interface FactsNeeded {
  /** Whose receipt is this? */
  receipt: string | null;
  /** Which other attempt holds this CheckoutRequestID? */
  checkoutRequestId: string | null;
}

export function factsNeeded(attempt: AttemptRecord, evidence: Evidence): FactsNeeded {
  const noted = attempt.noted?.receipt ?? null;
  switch (evidence.kind) {
    case 'callback':
      return {
        receipt: evidence.callback.metadata.receipt ?? noted,
        checkoutRequestId: evidence.callback.checkoutRequestId,
      };
    case 'push-accepted':
      return { receipt: null, checkoutRequestId: evidence.checkoutRequestId };
    case 'operator':
      return { receipt: evidence.receipt ?? noted, checkoutRequestId: null };
    default:
      return { receipt: noted, checkoutRequestId: attempt.checkoutRequestId };
  }
}
