import { MpesaError } from '../mpesa.error.js';

/**
 * A body that is not an STK callback of Daraja. Holds nothing of the body.
 * @publicApi
 */
export class StkCallbackError extends MpesaError {
  /** What is wrong with it, for people. */
  readonly problem: string;

  constructor(problem: string) {
    super(`Not an STK callback: ${problem}`, { code: 'STK_CALLBACK' });
    this.problem = problem;
  }
}
