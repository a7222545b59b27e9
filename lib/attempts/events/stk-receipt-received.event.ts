import { StkEvent, type StkEventData } from './stk-event.js';

/**
 * What a `StkReceiptReceived` carries.
 * @publicApi
 */
export interface StkReceiptReceivedData extends StkEventData {
  receipt: string;
}

/**
 * The receipt of a payment that was proven without one.
 * @publicApi
 */
export class StkReceiptReceived extends StkEvent<StkReceiptReceivedData> {
  static readonly type = 'stk.receipt-received';
  declare readonly receipt: string;
}
