import type { JsonObject } from '../attempts/json.js';
import type { StkTransactionType } from '../daraja/daraja-account.js';

/**
 * What `StkService.push()` takes. Every field is checked; nothing is rounded, cut or guessed, and a
 * field of another name is refused.
 * @publicApi
 */
export interface StkPushInput {
  /** A Kenyan mobile number, in any form that `normalizeMsisdn()` takes. */
  phoneNumber: string;
  /** Whole KES, from 1 to `limits.maxAmount` (250,000). */
  amount: number;
  /**
   * 1 to 12 of the letters A-Z, digits, spaces and `_ - . / :`. Shown in the prompt and in the payer's
   * message.
   */
  accountReference: string;
  /** 1 to 13 characters, as for `accountReference`. */
  transactionDesc: string;
  /**
   * Name of the account that is paid, of the option `accounts`. Never take it from a request unchecked:
   * it decides who gets the money.
   * @default the account of the top-level options, `default`
   */
  account?: string;
  /**
   * States which type you count on; another than the account's is refused.
   * @default the account's own
   */
  transactionType?: StkTransactionType;
  /**
   * Public URL of the callback route for this push alone, by the rules of the option `callbackUrl`.
   * Never take it from a request: whoever receives the callback holds the proof of payment.
   * @default the account's own
   */
  callbackUrl?: string;
  /**
   * What is paid, by your own id of 1 to 128 characters, unique across the application: at most one
   * live prompt and one payment for it.
   */
  orderId?: string;
  /**
   * 1 to 128 characters, unique across the application: a repeated call with the same input resolves
   * with the attempt of the first one and sends nothing.
   */
  idempotencyKey?: string;
  /** Plain JSON of your own, up to 4 KiB: kept, handed to your event handlers, never sent. */
  metadata?: JsonObject;
}
