import type { CallbackReceived } from '../evidence.js';
import type { JsonObject } from '../json.js';
import type { StkReviewFlag } from '../review-flag.js';
import { maskCheckoutRequestId } from '../../redaction/mask-checkout-request-id.js';
import { toStkAttempt } from '../stk-attempt.js';
import type { StkCallback } from '../stk-callback.js';
import { addReceipt } from './add-receipt.js';
import type { Draft } from './draft.js';
import { isExactAmount } from './exact-amount.js';
import { fail } from './fail.js';
import { askNow } from './schedule.js';

/** A callback whose token is this attempt's: the sender is known, what it says is still checked. */
export function onCallback(draft: Draft, evidence: CallbackReceived): void {
  const { callback } = evidence;
  if (draft.attempt.status === 'sending') {
    // Our own response is on its way, and its ids win: wait for it.
    draft.callback = 'deferred';
    return;
  }
  const { meaning } = draft.context.describeResultCode(callback.resultCode);
  const contradiction = findContradiction(draft, callback, meaning === 'success');
  if (contradiction) {
    quarantine(draft, ...contradiction);
    return;
  }
  draft.callback = 'applied';
  learnIds(draft, callback);
  switch (meaning) {
    case 'success':
      onPaid(draft, evidence);
      break;
    case 'failure':
      fail(draft, 'callback', callback.resultCode);
      break;
    default:
      draft.flag('unknown-result-code', { resultCode: callback.resultCode });
      askNow(draft);
  }
}

function findContradiction(
  draft: Draft,
  callback: StkCallback,
  paid: boolean,
): [StkReviewFlag, JsonObject] | null {
  const { attempt, context } = draft;
  const { merchantRequestId, checkoutRequestId, metadata } = callback;
  if (
    !isSameRequest(attempt.checkoutRequestId ?? checkoutRequestId, checkoutRequestId) ||
    (attempt.merchantRequestId ?? merchantRequestId) !== merchantRequestId
  ) {
    return [
      'id-mismatch',
      { expected: attempt.merchantRequestId, received: callback.merchantRequestId },
    ];
  }
  if (!paid) return null;
  if (metadata.amount !== undefined && !isExactAmount(metadata.amount, attempt.amount)) {
    return ['amount-mismatch', { expected: attempt.amount, received: metadata.amount }];
  }
  if (metadata.receipt && context.receiptOwner && context.receiptOwner !== attempt.id) {
    return ['receipt-reused', { receipt: metadata.receipt, attempt: context.receiptOwner }];
  }
  return null;
}

/** Of an attempt whose personal data was erased the id is known without the number at its end. */
const isSameRequest = (known: string, received: string): boolean =>
  known === received || known === maskCheckoutRequestId(received);

/** Counts for nothing. */
function quarantine(draft: Draft, flag: StkReviewFlag, evidence: JsonObject): void {
  draft.callback = 'quarantined';
  draft.flag(flag, evidence);
}

function learnIds(draft: Draft, callback: StkCallback): void {
  if (draft.attempt.checkoutRequestId) return;
  const { merchantRequestId, checkoutRequestId } = callback;
  draft.set({ merchantRequestId, checkoutRequestId, idsFrom: 'callback' });
  draft.flag('ids-from-callback', {});
  const owner = draft.context.checkoutRequestIdOwner;
  if (owner) draft.flag('checkout-request-id-reused', { attempt: owner });
}

function onPaid(draft: Draft, evidence: CallbackReceived): void {
  const { callback, sourceIp } = evidence;
  const { amount, receipt = null, paidAt = null } = callback.metadata;
  draft.hear('callback', '0');
  if (draft.attempt.status === 'completed') {
    if (receipt) addReceipt(draft, receipt, paidAt);
    return;
  }
  // As of a completed attempt: the first receipt stays, and no other goes unnoticed.
  const first = draft.attempt.noted?.receipt ?? null;
  if (first && receipt && first !== receipt)
    draft.flag('second-receipt', { first, second: receipt });
  const complete = receipt !== null && amount !== undefined;
  const attempt = toStkAttempt(draft.attempt);
  if (complete && draft.context.confirmation({ attempt, callback, sourceIp }) === 'callback') {
    draft.complete('callback', receipt, paidAt ?? draft.now);
    return;
  }
  const { noted } = draft.attempt;
  draft.set({ noted: { receipt: first ?? receipt, paidAt: noted?.paidAt ?? paidAt } });
  askNow(draft);
}
