import { StkEvent, type StkEventData } from './stk-event.js';

/**
 * What a `StkDuplicatePayment` carries.
 * @publicApi
 */
export interface StkDuplicatePaymentData extends StkEventData {
  amount: number;
  receipt: string | null;
  paidAttemptId: string;
}

/**
 * Money for an order that was paid already by another attempt: refund work.
 * @publicApi
 */
export class StkDuplicatePayment extends StkEvent<StkDuplicatePaymentData> {
  static readonly type = 'stk.duplicate-payment';
  /** Whole KES. */
  declare readonly amount: number;
  declare readonly receipt: string | null;
  /** The attempt that had paid the order. */
  declare readonly paidAttemptId: string;
}
