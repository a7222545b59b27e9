import type { StkTransactionType } from './daraja-account.js';

/** A push as the caller means it; the client adds shortcode, password and timestamp. */
export interface StkPushRequest {
  /** `254` and nine digits. */
  phoneNumber: string;
  /** Whole shillings. */
  amount: number;
  accountReference: string;
  transactionDesc: string;
  transactionType: StkTransactionType;
  /** Complete, with the attempt's own segment. */
  callbackUrl: string;
}

/** What is known of a call to Daraja that was not accepted. Holds no secret. */
export interface DarajaFailure {
  /** HTTP status, where there was an answer. */
  httpStatus: number | null;
  errorCode: string | null;
  /** Daraja's text, cleaned of tokens and control characters; never to be decided on by others. */
  errorMessage: string;
  requestId: string | null;
  /** One word for where it broke: `timeout`, `connection-refused`, `html`, `empty-body`, `401.002.01`, … */
  cause: string;
  /** How long Daraja, or its documentation, asks to wait, in ms. */
  retryAfterMs: number | null;
}

/**
 * Daraja's answer to a push, classified by status, code and message.
 *
 * - `refused`, `misconfigured`, `throttled`: definitely no prompt from this request.
 * - `unauthorised`: refused for its token; a fresh token may help once.
 * - `not-sent`: proof that no byte of the request reached a connected socket.
 * - `busy`, `unknown`: a prompt may be out. Never resend.
 */
export type PushAnswer =
  | {
      outcome: 'accepted';
      merchantRequestId: string;
      checkoutRequestId: string;
      customerMessage: string;
    }
  | {
      outcome:
        | 'refused'
        | 'misconfigured'
        | 'throttled'
        | 'unauthorised'
        | 'not-sent'
        | 'busy'
        | 'unknown';
      failure: DarajaFailure;
    };

/**
 * Daraja's answer to a query. Only `answered` with a known final code may settle anything.
 *
 * - `answered`: 2xx and `ResponseCode` 0; the code may still be 4999 or an unknown one.
 * - `unanswered`: any error body, which proves nothing (`throttled`: a 429 or a spike arrest).
 */
export type QueryAnswer =
  | { outcome: 'answered'; resultCode: string; resultDesc: string; raw: Record<string, unknown> }
  | {
      outcome: 'unanswered' | 'throttled' | 'unauthorised' | 'not-sent' | 'unknown';
      failure: DarajaFailure;
      /** The error body, cleaned; null where there was none. */
      raw: Record<string, unknown> | null;
    };
