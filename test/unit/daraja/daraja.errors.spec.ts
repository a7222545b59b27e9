import { inspect } from 'node:util';
import type { DarajaFailure } from '../../../lib/daraja/daraja-answer.js';
import {
  DarajaAuthError,
  DarajaThrottledError,
  DarajaUnavailableError,
} from '../../../lib/daraja/daraja.errors.js';
import { MpesaError } from '../../../lib/mpesa.error.js';

const failure: DarajaFailure = {
  httpStatus: 429,
  errorCode: '500.003.02',
  errorMessage: 'Error Occurred: Spike Arrest Violation.',
  requestId: '1-2-3',
  cause: '500.003.02',
  retryAfterMs: 7_000,
};

describe('the errors of Daraja', () => {
  it.each([
    [DarajaAuthError, 'DARAJA_AUTH', false],
    [DarajaThrottledError, 'DARAJA_THROTTLED', true],
    [DarajaUnavailableError, 'DARAJA_UNAVAILABLE', true],
  ] as const)('%p carries what is known, in plain properties', (Class, code, retryable) => {
    const error = new Class(failure, { outcome: 'refused' });
    expect(MpesaError.is(error)).toBe(true);
    expect(error.toJSON()).toEqual({
      name: Class.name,
      docs: `nestjs-mpesa/docs/codes.md#${code}`,
      message: error.message,
      code,
      retryable,
      retryAfterMs: 7_000,
      errorCode: '500.003.02',
      requestId: '1-2-3',
      httpStatus: 429,
      outcome: 'refused',
    });
    expect(error.message).toContain(
      '(HTTP 429, 500.003.02: Error Occurred: Spike Arrest Violation)',
    );
    expect(error.cause).toBeUndefined();
  });

  it('says what became of the request', () => {
    const message = (outcome: 'not-sent' | 'refused' | 'unknown') =>
      new DarajaUnavailableError(
        { ...failure, httpStatus: null, errorCode: null, errorMessage: '', cause: 'dns' },
        { outcome },
      ).message;
    expect(message('not-sent')).toContain('(dns). No payment was asked for.');
    expect(message('refused')).toContain('had no effect');
    expect(message('unknown')).toContain('not known');
  });

  it('has no wait where none is known', () => {
    const error = new DarajaAuthError({ ...failure, retryAfterMs: null }, { outcome: 'not-sent' });
    expect('retryAfterMs' in error).toBe(false);
    expect(inspect(error)).not.toContain('retryAfterMs');
  });
});
