import { StkEvent, type StkEventData } from './stk-event.js';

/**
 * What a `StkDuplicatePayment` carries.
 * @publicApi
 */
export interface StkDuplicatePaymentData extends StkEventData {
  /** Whole KES. */
  amount: number;
  /** M-Pesa's receipt number; null when the query proved the payment. */
  receipt: string | null;
  /** The attempt that had paid the order. */
  paidAttemptId: string;
}

/**
 * Money for an order that was paid already by another attempt: refund work.
 * @publicApi
 */
export class StkDuplicatePayment extends StkEvent<StkDuplicatePaymentData> {
  /** Its stable word, in the store and on every bus. */
  static readonly type = 'stk.duplicate-payment';
  /** Whole KES. */
  declare readonly amount: number;
  /** M-Pesa's receipt number; null when the query proved the payment. */
  declare readonly receipt: string | null;
  /** The attempt that had paid the order. */
  declare readonly paidAttemptId: string;
}
