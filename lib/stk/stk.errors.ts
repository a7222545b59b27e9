import type { StkAttempt } from '../attempts/stk-attempt.js';
import type { DarajaFailure } from '../daraja/daraja-answer.js';
import { MpesaError } from '../mpesa.error.js';

/**
 * What is wrong with one field of the input.
 * @publicApi
 */
export interface StkInputProblem {
  /** Name of the field, as `push()` takes it. */
  field: string;
  /** What it must be, as the rest of a sentence that begins with the field: `must be …`. */
  message: string;
}

/**
 * The input of a push cannot be sent as it is. Nothing was stored, nothing was sent.
 * @publicApi
 */
export class StkInvalidInputError extends MpesaError {
  /** One entry a field. */
  readonly errors: readonly StkInputProblem[];

  constructor(errors: readonly StkInputProblem[]) {
    super(
      `Invalid input: ${errors.map((error) => `${error.field} ${error.message}`).join('; ')}.`,
      {
        code: 'STK_INVALID_INPUT',
      },
    );
    this.errors = errors;
  }
}

/**
 * The order has a live attempt (`attempt`): a second prompt now could be paid twice. Nothing was
 * sent.
 * @publicApi
 */
export class StkOrderBusyError extends MpesaError {
  constructor(
    attempt: StkAttempt,
    message = 'The order has a prompt that is not settled yet: wait for its outcome.',
    code = 'STK_ORDER_BUSY',
  ) {
    super(message, { code, attempt });
  }
}

/**
 * The order is paid, by `attempt`. Nothing was sent.
 * @publicApi
 */
export class StkOrderPaidError extends StkOrderBusyError {
  constructor(attempt: StkAttempt) {
    super(
      attempt,
      'The order is paid already, so no further prompt is sent: another payment needs another order.',
      'STK_ORDER_PAID',
    );
  }
}

/**
 * The idempotency key was used before with another input (for `attempt`). Nothing was sent.
 * @publicApi
 */
export class StkIdempotencyError extends MpesaError {
  constructor(attempt: StkAttempt) {
    super(
      'The idempotency key was used before with another input: use a new key for a new payment.',
      {
        code: 'STK_IDEMPOTENCY',
        attempt,
      },
    );
  }
}

/**
 * Daraja definitely refused the push: no phone was asked, the order is free again. `retryable` only
 * where Daraja's documentation says how long to wait (`retryAfterMs`).
 * @publicApi
 */
export class StkRejectedError extends MpesaError {
  /** Daraja's code, such as `400.002.02`; null where it gave none. */
  readonly errorCode: string | null;
  /** Daraja's text, cleaned. For people: never decide on it. */
  readonly errorMessage: string;
  /** What to quote to Safaricom's support. */
  readonly requestId: string | null;

  constructor(
    refusal: Pick<DarajaFailure, 'errorCode' | 'errorMessage' | 'requestId' | 'retryAfterMs'>,
    attempt?: StkAttempt,
  ) {
    const told = [refusal.errorCode, refusal.errorMessage.replace(/\.$/, '')].filter(Boolean);
    super(
      `Daraja refused the push: ${told.join(' ') || 'it says not why'}. No phone was asked. ${nextStep(refusal)}`,
      {
        code: 'STK_REJECTED',
        retryable: refusal.retryAfterMs !== null,
        retryAfterMs: refusal.retryAfterMs ?? undefined,
        attempt,
      },
    );
    this.errorCode = refusal.errorCode;
    this.errorMessage = refusal.errorMessage;
    this.requestId = refusal.requestId;
  }
}

function nextStep({ errorCode, retryAfterMs }: Pick<DarajaFailure, 'errorCode' | 'retryAfterMs'>) {
  if (retryAfterMs !== null) return `Try again after ${Math.ceil(retryAfterMs / 1_000)} s.`;
  const explained = errorCode === null ? '' : ` (npx nestjs-mpesa decode ${errorCode} explains it)`;
  return `It is refused again until that is put right${explained}.`;
}

/**
 * The attempt could not be stored, so nothing was sent. Carries nothing of the database's own error,
 * which can hold phone numbers: the module logs that one's class and code.
 * @publicApi
 */
export class StkStoreUnavailableError extends MpesaError {
  constructor(attempt?: StkAttempt) {
    super(
      'The attempt could not be stored, so no push was sent. Try again; if it goes on, look at the database: ' +
        'the log has the class of its error.',
      { code: 'STK_STORE_UNAVAILABLE', retryable: true, attempt },
    );
  }
}

/**
 * `waitFor()` saw no outcome in time. `attempt` is the attempt as it stood; it goes on, and waiting
 * again is safe.
 * @publicApi
 */
export class StkWaitTimeoutError extends MpesaError {
  constructor(attempt: StkAttempt, timeoutMs: number) {
    super(
      `No outcome within ${timeoutMs} ms: the attempt is ${attempt.status} and goes on. ` +
        'Wait again, or for its event; do not push again.',
      { code: 'STK_WAIT_TIMEOUT', retryable: true, attempt },
    );
  }
}
