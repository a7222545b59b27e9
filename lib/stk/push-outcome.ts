import type { AttemptRecord } from '../attempts/attempt-record.js';
import type { Evidence } from '../attempts/evidence.js';
import { toStkAttempt, type StkAttempt } from '../attempts/stk-attempt.js';
import type { DarajaFailure, PushAnswer } from '../daraja/daraja-answer.js';
import {
  DarajaAuthError,
  DarajaThrottledError,
  DarajaUnavailableError,
} from '../daraja/daraja.errors.js';
import type { MpesaError } from '../mpesa.error.js';
import { StkRejectedError } from './stk.errors.js';

/** What the domain is told of Daraja's answer to a push, of which this many sends were claimed. */
export function evidenceOfAnswer(answer: PushAnswer, sends: number): Evidence {
  switch (answer.outcome) {
    case 'accepted': {
      const { merchantRequestId, checkoutRequestId } = answer;
      return { kind: 'push-accepted', merchantRequestId, checkoutRequestId };
    }
    case 'refused':
    case 'misconfigured':
    case 'throttled':
    case 'unauthorised': {
      const { errorCode, errorMessage, requestId } = answer.failure;
      return { kind: 'push-refused', errorCode, errorMessage, requestId };
    }
    case 'not-sent':
      return { kind: 'not-sent', cause: answer.failure.cause, sends };
    case 'busy':
    case 'unknown':
      return { kind: 'push-unknown', cause: answer.failure.cause };
  }
}

/** What the caller of `push()` is told by an exception; null where the attempt tells it. */
export function errorOfAnswer(answer: PushAnswer, attempt: StkAttempt): MpesaError | null {
  switch (answer.outcome) {
    case 'refused':
    case 'misconfigured':
      return new StkRejectedError(answer.failure, attempt);
    case 'throttled':
      return new DarajaThrottledError(answer.failure, { outcome: 'refused', attempt });
    case 'unauthorised':
      return new DarajaAuthError(answer.failure, { outcome: 'refused', attempt });
    case 'not-sent':
      return new DarajaUnavailableError(answer.failure, { outcome: 'not-sent', attempt });
    case 'accepted':
    case 'busy':
    case 'unknown':
      return null;
  }
}

/**
 * What `push()` and `send()` make of an attempt that somebody else has taken further: an exception
 * where that was because nobody had sent it in time.
 *
 * @throws DarajaUnavailableError
 */
export function resultOfAnother(record: AttemptRecord): StkAttempt {
  const attempt = toStkAttempt(record);
  if (attempt.status !== 'rejected') return attempt;
  const failure: DarajaFailure = {
    httpStatus: null,
    errorCode: null,
    errorMessage: 'The attempt was not sent in time, and was given up.',
    requestId: null,
    cause: 'not-sent-in-time',
    retryAfterMs: null,
  };
  throw new DarajaUnavailableError(failure, { outcome: 'not-sent', attempt });
}
