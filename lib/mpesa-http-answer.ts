import { HttpStatus } from '@nestjs/common';
import type { MpesaError } from './mpesa.error.js';
import type { StkInputProblem } from './stk/stk.errors.js';

interface HttpAnswer {
  status: number;
  message: string | string[];
  retryAfterSeconds: number | null;
}

interface Mapping {
  status: HttpStatus;
  /** What a client may read; left out: the error's own message. */
  message?: string;
}

const NOT_CHARGED = 'M-Pesa did not take the payment request: no phone was asked.';

/** By code, not by class: an error may come from the other build of this package. */
const ANSWERS: Readonly<Record<string, Mapping>> = {
  STK_INVALID_INPUT: { status: HttpStatus.BAD_REQUEST },
  STK_CALLBACK: { status: HttpStatus.BAD_REQUEST },
  STK_ORDER_BUSY: { status: HttpStatus.CONFLICT },
  STK_ORDER_PAID: { status: HttpStatus.CONFLICT },
  STK_ERASURE: { status: HttpStatus.CONFLICT },
  STK_RESOLUTION: { status: HttpStatus.CONFLICT },
  STK_IDEMPOTENCY: { status: HttpStatus.UNPROCESSABLE_ENTITY },
  STK_REJECTED: { status: HttpStatus.BAD_GATEWAY, message: NOT_CHARGED },
  STK_STORE_UNAVAILABLE: {
    status: HttpStatus.SERVICE_UNAVAILABLE,
    message: 'Payments cannot be taken at the moment: no phone was asked.',
  },
  STK_WAIT_TIMEOUT: {
    status: HttpStatus.GATEWAY_TIMEOUT,
    message: 'The payment has no outcome yet.',
  },
  MPESA_ACCOUNT_UNAVAILABLE: {
    status: HttpStatus.SERVICE_UNAVAILABLE,
    message: 'Payments cannot be taken at the moment: no phone was asked.',
  },
  DARAJA_AUTH: { status: HttpStatus.BAD_GATEWAY, message: 'M-Pesa is not available.' },
  DARAJA_THROTTLED: {
    status: HttpStatus.SERVICE_UNAVAILABLE,
    message: 'M-Pesa is busy: try again a little later.',
  },
  DARAJA_UNAVAILABLE: {
    status: HttpStatus.SERVICE_UNAVAILABLE,
    message: 'M-Pesa cannot be reached at the moment.',
  },
};

const UNKNOWN: Mapping = {
  status: HttpStatus.INTERNAL_SERVER_ERROR,
  message: 'Internal server error',
};

/** A refusal that passes by itself is about this phone, not about us: a prompt is open on it. */
const PHONE_BUSY: Mapping = {
  status: HttpStatus.CONFLICT,
  message: 'M-Pesa cannot ask this phone right now: a prompt may still be open on it.',
};

function mappingOf(error: MpesaError): Mapping {
  if (error.code === 'STK_REJECTED' && error.retryAfterMs !== undefined) return PHONE_BUSY;
  return ANSWERS[error.code] ?? UNKNOWN;
}

/** One line a field, in the words that `MpesaValidationPipe` answers with. */
function messageOf(error: MpesaError): string | string[] {
  if (error.code !== 'STK_INVALID_INPUT') return error.message;
  const { errors } = error as unknown as { errors: readonly StkInputProblem[] };
  return errors.map(({ field, message }) => `${field} ${message}`);
}

/** Status, text and Retry-After for an error of ours, with nothing inside that is not the client's. */
export function httpAnswerOf(error: MpesaError): HttpAnswer {
  const { status, message } = mappingOf(error);
  return {
    status,
    message: message ?? messageOf(error),
    retryAfterSeconds:
      error.retryAfterMs === undefined ? null : Math.max(1, Math.ceil(error.retryAfterMs / 1000)),
  };
}
