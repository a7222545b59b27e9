import type { Draft } from './draft.js';

/** The receipt, unless it is another attempt's: then that is flagged, and there is none. */
export function ownReceipt(draft: Draft, receipt: string | null): string | null {
  const { attempt, context } = draft;
  const { receiptOwner } = context;
  if (receipt === null || receiptOwner === null || receiptOwner === attempt.id) return receipt;
  draft.flag('receipt-reused', { receipt, attempt: receiptOwner });
  return null;
}
