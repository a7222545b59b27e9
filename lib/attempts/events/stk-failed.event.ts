import type { StkFailureReason } from '../../daraja/result-codes.types.js';
import { StkEvent, type StkEventData } from './stk-event.js';

/**
 * What a `StkFailed` carries.
 * @publicApi
 */
export interface StkFailedData extends StkEventData {
  /** Daraja's code; null when an operator decided. */
  resultCode: string | null;
  /** Why, in a word that code can switch on. */
  reason: StkFailureReason;
  /** What to tell the customer, in English and Swahili. */
  customerMessage: { en: string; sw: string };
  /** Whether a new push to the same customer makes sense. */
  retryable: boolean;
  /** How long to wait before that new push, in ms; null where it does not matter. */
  retryAfterMs: number | null;
}

/**
 * The customer did not pay, and Daraja says so.
 * @publicApi
 */
export class StkFailed extends StkEvent<StkFailedData> {
  /** Its stable word, in the store and on every bus. */
  static readonly type = 'stk.failed';
  /** Daraja's code; null when an operator decided. */
  declare readonly resultCode: string | null;
  /** Why, in a word that code can switch on. */
  declare readonly reason: StkFailureReason;
  /** What to tell the customer, in English and Swahili. */
  declare readonly customerMessage: { en: string; sw: string };
  /** Whether a new push to the same customer makes sense. */
  declare readonly retryable: boolean;
  /** How long to wait before that new push, in ms; null where it does not matter. */
  declare readonly retryAfterMs: number | null;
}
