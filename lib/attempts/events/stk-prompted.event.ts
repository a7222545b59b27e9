import { StkEvent, type StkEventData } from './stk-event.js';

/** @publicApi */
export interface StkPromptedData extends StkEventData {
  merchantRequestId: string;
  checkoutRequestId: string;
}

/**
 * Daraja accepted the push: the phone is asked. No money has moved.
 * @publicApi
 */
export class StkPrompted extends StkEvent<StkPromptedData> {
  static readonly type = 'stk.prompted';
  declare readonly merchantRequestId: string;
  /** Ends in digits of the payer's phone number: personal data. */
  declare readonly checkoutRequestId: string;
}
