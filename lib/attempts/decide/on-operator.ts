import type { OperatorDecision } from '../evidence.js';
import type { Draft } from './draft.js';
import { tellFailed } from './fail.js';
import { expire } from './on-deadline.js';
import { ownReceipt } from './own-receipt.js';
import { reject } from './on-push.js';

/** A person's word: any upward move, and the end of a slot that was held for that person. */
export function onOperator(draft: Draft, evidence: OperatorDecision): void {
  const { now, attempt } = draft;
  switch (evidence.to) {
    case 'completed': {
      const receipt = ownReceipt(draft, evidence.receipt ?? attempt.noted?.receipt ?? null);
      draft.complete('operator', receipt, attempt.noted?.paidAt ?? now);
      break;
    }
    case 'failed': {
      const change = { orderSlot: null, settledAt: now, nextCheckAt: null };
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
