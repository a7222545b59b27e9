import { MpesaError } from '../mpesa.error.js';

/**
 * Not all of a person's data could be erased yet: some attempts are live, wait for a person
 * (`StkAdminService.reviews()`), or have events that a handler was not told yet. The rest is erased.
 * Repeat the call when these are final.
 * @publicApi
 */
export class StkErasureError extends MpesaError {
  /** Those that could not be erased yet. */
  readonly attemptIds: readonly string[];
  /** How many were. */
  readonly erased: number;

  constructor(attemptIds: readonly string[], erased: number) {
    super(
      `${attemptIds.length} attempts of this phone are not final yet, and were not erased; ${erased} were. Repeat it when they are.`,
      { code: 'STK_ERASURE', retryable: true },
    );
    this.attemptIds = attemptIds;
    this.erased = erased;
  }
}
