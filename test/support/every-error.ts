import { toStkAttempt } from '../../lib/attempts/stk-attempt.js';
import type { DarajaFailure } from '../../lib/daraja/daraja-answer.js';
import * as library from '../../lib/index.js';
import { aPendingAttempt } from './attempts.js';

/** The payer of the attempts in them. */
export const PAYER = '254712345678';

/** One of each class of error that an application can meet. */
export function everyError(): library.MpesaError[] {
  const attempt = toStkAttempt(aPendingAttempt({ phoneNumber: PAYER }));
  const failure: DarajaFailure = {
    httpStatus: 500,
    errorCode: null,
    errorMessage: '',
    requestId: null,
    cause: 'test',
    retryAfterMs: null,
  };
  const problems = [{ path: 'passKey', message: 'is missing' }];
  const context = { outcome: 'refused' as const, attempt };
  return [
    new library.MpesaConfigError(problems),
    new library.MpesaAccountError('shop2', problems),
    new library.MpesaAccountUnavailableError('shop2'),
    new library.StkInvalidInputError([{ field: 'amount', message: 'must be a number' }]),
    new library.StkOrderBusyError(attempt),
    new library.StkOrderPaidError(attempt),
    new library.StkIdempotencyError(attempt),
    new library.StkRejectedError(failure, attempt),
    new library.StkStoreUnavailableError(attempt),
    new library.StkWaitTimeoutError(attempt, 1),
    new library.StkResolutionError('It is completed: look again.', attempt),
    new library.StkErasureError([attempt.id], 0),
    new library.StkTransactionError('SQLite has one connection: call push().'),
    new library.StkCallbackError('the body is not JSON'),
    new library.DarajaAuthError(failure, context),
    new library.DarajaThrottledError(failure, context),
    new library.DarajaUnavailableError(failure, context),
  ];
}
