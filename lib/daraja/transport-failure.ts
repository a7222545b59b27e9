import type { DarajaFailure } from './daraja-answer.js';
import type { HttpFailure } from './http-result.js';

/** A call that brought no complete answer: proof that it was not sent, or no knowledge at all. */
export function transportFailure({ sent, cause }: HttpFailure): {
  outcome: 'not-sent' | 'unknown';
  failure: DarajaFailure;
} {
  const errorMessage = sent
    ? `No complete answer from Daraja (${cause}).`
    : `The request was not sent to Daraja (${cause}).`;
  return {
    outcome: sent ? 'unknown' : 'not-sent',
    failure: {
      httpStatus: null,
      errorCode: null,
      errorMessage,
      requestId: null,
      cause,
      retryAfterMs: null,
    },
  };
}
