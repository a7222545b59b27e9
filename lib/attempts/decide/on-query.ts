import type { QueryAnswered } from '../evidence.js';
import type { Draft } from './draft.js';
import { fail } from './fail.js';
import { onDeadline } from './on-deadline.js';
import { ownReceipt } from './own-receipt.js';

/** Only 0 and the codes that are known to be final say anything; all else is no answer yet. */
export function onQuery(draft: Draft, evidence: QueryAnswered): void {
  const { resultCode, answered } = evidence;
  if (answered && !draft.attempt.queryAnswered) draft.set({ queryAnswered: true });
  const meaning =
    resultCode === null ? 'unknown' : draft.context.describeResultCode(resultCode).meaning;
  if (resultCode !== null && meaning === 'success') {
    onConfirmed(draft);
  } else if (resultCode !== null && meaning === 'failure') {
    fail(draft, 'query', resultCode);
  } else {
    onDeadline(draft, { lookedAndFoundNothing: answered });
  }
}

function onConfirmed(draft: Draft): void {
  const { attempt, context, now } = draft;
  if (attempt.idsFrom === 'callback' && context.checkoutRequestIdOwner) {
    // The id came with the callback and is another attempt's: its success proves nothing here.
    draft.flag('checkout-request-id-reused', { attempt: context.checkoutRequestIdOwner });
    return;
  }
  draft.hear('query', '0');
  if (attempt.status === 'completed') return;
  const { receipt = null, paidAt = null } = attempt.noted ?? {};
  draft.complete('query', ownReceipt(draft, receipt), paidAt ?? now);
}
