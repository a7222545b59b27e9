import type { StkAttempt } from '../attempts/stk-attempt.js';
import { MpesaError } from '../mpesa.error.js';

/**
 * What a person decided cannot be: `attempt` stands higher already, or another attempt has the receipt.
 * Nothing was changed.
 * @publicApi
 */
export class StkResolutionError extends MpesaError {
  constructor(message: string, attempt: StkAttempt) {
    super(message, { code: 'STK_RESOLUTION', attempt });
  }
}
