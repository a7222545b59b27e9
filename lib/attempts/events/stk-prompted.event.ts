import { StkEvent, type StkEventData } from './stk-event.js';

/**
 * What a `StkPrompted` carries.
 * @publicApi
 */
export interface StkPromptedData extends StkEventData {
  /** Daraja's id of the request. */
  merchantRequestId: string;
}

/**
 * Daraja accepted the push: the phone is asked. No money has moved.
 * @publicApi
 */
export class StkPrompted extends StkEvent<StkPromptedData> {
  /** Its stable word, in the store and on every bus. */
  static readonly type = 'stk.prompted';
  /** The CheckoutRequestID ends in digits of the payer's number, and stays with the attempt. */
  declare readonly merchantRequestId: string;
}
