import type { StkCompletedData } from './stk-completed.event.js';
import type { StkConfirmedBy } from '../attempt-record.js';
import { StkEvent } from './stk-event.js';

/**
 * What a `StkCompletedLate` carries.
 * @publicApi
 */
export interface StkCompletedLateData extends StkCompletedData {
  /** What you had been told. */
  previousStatus: 'expired' | 'rejected' | 'failed';
}

/**
 * Paid after you had been told failed, rejected or expired. A class of its own, so that fulfilment
 * never runs by accident on an order that was cancelled meanwhile: revive the order or refund.
 * @publicApi
 */
export class StkCompletedLate extends StkEvent<StkCompletedLateData> {
  /** Its stable word, in the store and on every bus. */
  static readonly type = 'stk.completed-late';
  /** Whole KES. */
  declare readonly amount: number;
  /** M-Pesa's receipt number; null when the query proved the payment, `StkReceiptReceived` follows. */
  declare readonly receipt: string | null;
  /** As Daraja says it; when only the query spoke, the time at which it did. */
  declare readonly paidAt: Date;
  /** What proved it. */
  declare readonly confirmedBy: StkConfirmedBy;
  /** What you had been told. */
  declare readonly previousStatus: 'expired' | 'rejected' | 'failed';
}
