import { MpesaError } from '../mpesa.error.js';

/**
 * The store cannot write in the transaction that was given. Nothing was stored.
 * @publicApi
 */
export class StkTransactionError extends MpesaError {
  constructor(message: string) {
    super(message, { code: 'STK_TRANSACTION' });
  }
}
