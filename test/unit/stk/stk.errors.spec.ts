import { inspect } from 'node:util';
import { toStkAttempt } from '../../../lib/attempts/stk-attempt.js';
import { StkErasureError } from '../../../lib/admin/stk-erasure.error.js';
import { StkResolutionError } from '../../../lib/admin/stk-resolution.error.js';
import { MpesaError } from '../../../lib/mpesa.error.js';
import {
  StkIdempotencyError,
  StkInvalidInputError,
  StkOrderBusyError,
  StkOrderPaidError,
  StkRejectedError,
  StkStoreUnavailableError,
  StkWaitTimeoutError,
} from '../../../lib/stk/stk.errors.js';
import { aPendingAttempt } from '../../support/attempts.js';

const attempt = toStkAttempt(aPendingAttempt({ phoneNumber: '254712345678' }));
const refusal = {
  errorCode: '400.002.02',
  errorMessage: 'Bad Request - Invalid PhoneNumber',
  requestId: '16813-15-1',
  retryAfterMs: null,
};

const errors: [string, MpesaError, boolean][] = [
  ['STK_INVALID_INPUT', new StkInvalidInputError([{ field: 'amount', message: 'is odd' }]), false],
  ['STK_ORDER_BUSY', new StkOrderBusyError(attempt), false],
  ['STK_ORDER_PAID', new StkOrderPaidError(attempt), false],
  ['STK_IDEMPOTENCY', new StkIdempotencyError(attempt), false],
  ['STK_RESOLUTION', new StkResolutionError('It is completed', attempt), false],
  ['STK_ERASURE', new StkErasureError([attempt.id], 1), true],
  ['STK_REJECTED', new StkRejectedError(refusal, attempt), false],
  ['STK_STORE_UNAVAILABLE', new StkStoreUnavailableError(attempt), true],
  ['STK_WAIT_TIMEOUT', new StkWaitTimeoutError(attempt, 5_000), true],
];

describe.each(errors)('%s', (code, error, retryable) => {
  it('has its code, its class as its name, and says whether to repeat the call', () => {
    expect(error).toMatchObject({ code, retryable, name: error.constructor.name });
    expect(MpesaError.is(error)).toBe(true);
    expect(error.message).not.toBe('');
  });

  it('shows no whole phone number in a log', () => {
    const logged = inspect(error, { depth: 9 }) + JSON.stringify(error);
    expect(logged).toContain(code);
    expect(logged).not.toContain('254712345678');
    expect(logged).not.toContain('cause');
  });
});

it('StkOrderPaidError is caught with StkOrderBusyError and carries the attempt that paid', () => {
  const error = new StkOrderPaidError(attempt);
  expect(error).toBeInstanceOf(StkOrderBusyError);
  expect(error.attempt).toBe(attempt);
});

it('StkRejectedError keeps what Daraja said', () => {
  expect(new StkRejectedError(refusal)).toMatchObject({
    errorCode: '400.002.02',
    errorMessage: 'Bad Request - Invalid PhoneNumber',
    requestId: '16813-15-1',
    retryable: false,
  });
});

it('StkRejectedError may be repeated after the time that is known to help', () => {
  const error = new StkRejectedError({ ...refusal, errorCode: null, retryAfterMs: 60_000 });
  expect(error).toMatchObject({ retryable: true, retryAfterMs: 60_000 });
});
