import { StkReceiptReceived } from '../events/stk-receipt-received.event.js';
import type { Draft } from './draft.js';

/** To a completed attempt; a second, different receipt is flagged, and the first one stays. */
export function addReceipt(draft: Draft, receipt: string, paidAt: Date | null): void {
  const { attempt } = draft;
  if (attempt.receipt === receipt) return;
  if (attempt.receipt) {
    draft.flag('second-receipt', { first: attempt.receipt, second: receipt });
    return;
  }
  draft.set({ receipt, paidAt: paidAt ?? attempt.paidAt });
  draft.emit(StkReceiptReceived, { receipt });
}
