import type { OperatorDecision, ReviewEnded } from '../evidence.js';
import { addReceipt } from './add-receipt.js';
import type { Draft } from './draft.js';
import { tellFailed } from './fail.js';
import { expire } from './on-deadline.js';
import { ownReceipt } from './own-receipt.js';
import { reject } from './on-push.js';

/**
 * A person's word: any upward move, the receipt of a payment that was proven without one, and the end
 * of a slot that was held for that person. What was odd before it has been dealt with by it.
 */
export function onOperator(draft: Draft, evidence: OperatorDecision): void {
  const before = draft.attempt;
  move(draft, evidence);
  if (draft.attempt !== before) draft.set({ reviewed: before.review });
}

function move(draft: Draft, evidence: OperatorDecision): void {
  const { now, attempt } = draft;
  switch (evidence.to) {
    case 'completed': {
      const receipt = ownReceipt(draft, evidence.receipt ?? attempt.noted?.receipt ?? null);
      if (attempt.status === 'completed') {
        if (receipt) addReceipt(draft, receipt, null);
        return;
      }
      draft.complete('operator', receipt, attempt.noted?.paidAt ?? now);
      break;
    }
    case 'failed': {
      const change = { orderSlot: null, settledAt: now };
      const failed = draft.raise({ status: 'failed', reason: 'unknown', ...change });
      const released = !failed && attempt.status === 'failed' && attempt.orderSlot !== null;
      if (released) draft.set(change);
      if (failed || released) tellFailed(draft);
      break;
    }
    case 'rejected':
      reject(draft, { cause: 'not-sent', errorCode: null, message: evidence.reason });
      break;
    case 'expired':
      expire(draft);
      break;
  }
}

/** A flag that comes up later needs somebody again. */
export function onReviewEnded(draft: Draft, { flags }: ReviewEnded): void {
  const { review, reviewed } = draft.attempt;
  const ended = review.filter((flag) => flags.includes(flag) && !reviewed.includes(flag));
  if (ended.length > 0) draft.set({ reviewed: [...reviewed, ...ended] });
}
