/** What a callback is answered with; Daraja's own form, as documented for its C2B confirmations. */
export interface CallbackAnswer {
  readonly ResultCode: number;
  readonly ResultDesc: string;
}

/**
 * The one answer, with status 200, to every callback that has been kept: accepted, repeated, malformed,
 * unknown or forged. A sender who guesses learns nothing from it.
 */
export const CALLBACK_ACCEPTED: CallbackAnswer = Object.freeze({
  ResultCode: 0,
  ResultDesc: 'Accepted',
});

/** With status 503: it could not be kept, so that another delivery is welcome. */
export const CALLBACK_NOT_STORED: CallbackAnswer = Object.freeze({
  ResultCode: 1,
  ResultDesc: 'Try again',
});
