import type { StkConfirmedBy } from '../attempt-record.js';
import { StkEvent, type StkEventData } from './stk-event.js';

/**
 * What a `StkCompleted` carries.
 * @publicApi
 */
export interface StkCompletedData extends StkEventData {
  /** Whole KES. */
  amount: number;
  /**
   * M-Pesa's receipt number; null when the query proved the payment, `StkReceiptReceived` follows.
   */
  receipt: string | null;
  /** As Daraja says it; when only the query spoke, the time at which it did. */
  paidAt: Date;
  /** What proved it. */
  confirmedBy: StkConfirmedBy;
}

/**
 * Paid: once for an order.
 * @publicApi
 */
export class StkCompleted extends StkEvent<StkCompletedData> {
  /** Its stable word, in the store and on every bus. */
  static readonly type = 'stk.completed';
  /** Whole KES. */
  declare readonly amount: number;
  /** M-Pesa's receipt number; null when the query proved the payment, `StkReceiptReceived` follows. */
  declare readonly receipt: string | null;
  /** As Daraja says it; when only the query spoke, the time at which it did. */
  declare readonly paidAt: Date;
  /** What proved it. */
  declare readonly confirmedBy: StkConfirmedBy;
}
