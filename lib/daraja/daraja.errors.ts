import type { StkAttempt } from '../attempts/stk-attempt.js';
import { MpesaError } from '../mpesa.error.js';
import type { DarajaFailure } from './daraja-answer.js';

/**
 * What became of the request that failed. After `not-sent` and `refused` it is certain that no prompt
 * went out because of it; after `unknown` nothing is certain.
 * @publicApi
 */
export type DarajaErrorOutcome = 'not-sent' | 'refused' | 'unknown';

/** @publicApi */
export interface DarajaErrorContext {
  /** What became of the request. */
  outcome: DarajaErrorOutcome;
  /** The attempt that it was about, where one exists. */
  attempt?: StkAttempt;
}

/**
 * What the errors of Daraja share. Made of a `DarajaFailure`, which holds no secret.
 * @publicApi
 */
export abstract class DarajaError extends MpesaError {
  /** Daraja's or the gateway's own code, where the answer had one. */
  readonly errorCode: string | null;
  /** What Safaricom's support asks for. */
  readonly requestId: string | null;
  /** HTTP status, where there was an answer. */
  readonly httpStatus: number | null;
  /** What became of the request. */
  readonly outcome: DarajaErrorOutcome;

  protected constructor(
    message: string,
    kind: { code: string; retryable: boolean },
    failure: DarajaFailure,
    { outcome, attempt }: DarajaErrorContext,
  ) {
    super(message, { ...kind, attempt, retryAfterMs: failure.retryAfterMs ?? undefined });
    this.errorCode = failure.errorCode;
    this.requestId = failure.requestId;
    this.httpStatus = failure.httpStatus;
    this.outcome = outcome;
  }
}

/**
 * Daraja does not accept the app's credentials or its access token. `code` is `DARAJA_AUTH`; the
 * same call fails again until the configuration is put right.
 * @publicApi
 */
export class DarajaAuthError extends DarajaError {
  constructor(failure: DarajaFailure, context: DarajaErrorContext) {
    super(
      `Daraja does not accept the app's credentials ${told(failure)}. ${MEANING[context.outcome]} ` +
        'Check consumerKey and consumerSecret, that they are of the same environment as baseUrl, ' +
        'and that M-Pesa Express is among the products of the app; a 403 page may also mean that ' +
        "Safaricom's edge blocks this host's address.",
      { code: 'DARAJA_AUTH', retryable: false },
      failure,
      context,
    );
  }
}

/**
 * Daraja has had too many requests. `code` is `DARAJA_THROTTLED`; may be repeated later, after
 * `retryAfterMs` where Daraja names a time.
 * @publicApi
 */
export class DarajaThrottledError extends DarajaError {
  constructor(failure: DarajaFailure, context: DarajaErrorContext) {
    super(
      `Daraja refuses more requests for now ${told(failure)}. ${MEANING[context.outcome]} ` +
        'Try again later and slower.',
      { code: 'DARAJA_THROTTLED', retryable: true },
      failure,
      context,
    );
  }
}

/**
 * Daraja could not be reached, or gave no usable answer. `code` is `DARAJA_UNAVAILABLE`; may be
 * repeated.
 * @publicApi
 */
export class DarajaUnavailableError extends DarajaError {
  constructor(failure: DarajaFailure, context: DarajaErrorContext) {
    super(
      `Daraja is not available ${told(failure)}. ${MEANING[context.outcome]} ` +
        'Try again; if it goes on, check the network, the name resolution and the certificates of this ' +
        'host: npx nestjs-mpesa doctor.',
      { code: 'DARAJA_UNAVAILABLE', retryable: true },
      failure,
      context,
    );
  }
}

const MEANING: Record<DarajaErrorOutcome, string> = {
  'not-sent': 'No payment was asked for.',
  refused: 'The request had no effect.',
  unknown: 'What became of the request is not known.',
};

/** `(HTTP 500, 500.003.02: System is busy)` */
function told({ httpStatus, errorCode, errorMessage, cause }: DarajaFailure): string {
  const status = httpStatus === null ? [] : [`HTTP ${String(httpStatus)}`];
  const message = errorMessage.replace(/\.$/, '');
  return `(${[...status, errorCode ?? cause].join(', ')}${message === '' ? '' : `: ${message}`})`;
}
