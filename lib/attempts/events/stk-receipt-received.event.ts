import { StkEvent, type StkEventData } from './stk-event.js';

/**
 * What a `StkReceiptReceived` carries.
 * @publicApi
 */
export interface StkReceiptReceivedData extends StkEventData {
  /** M-Pesa's receipt number. */
  receipt: string;
}

/**
 * The receipt of a payment that was proven without one.
 * @publicApi
 */
export class StkReceiptReceived extends StkEvent<StkReceiptReceivedData> {
  /** Its stable word, in the store and on every bus. */
  static readonly type = 'stk.receipt-received';
  /** M-Pesa's receipt number. */
  declare readonly receipt: string;
}
