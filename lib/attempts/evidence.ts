import type { StkAttemptStatus } from './attempt-status.js';
import type { StkReviewFlag } from './review-flag.js';
import type { StkCallback } from './stk-callback.js';

/** Daraja accepted the push: 2xx, JSON, `ResponseCode` 0 and a CheckoutRequestID. */
export interface PushAccepted {
  kind: 'push-accepted';
  merchantRequestId: string;
  checkoutRequestId: string;
}

/** Daraja refused the push in a way that is known to mean that no prompt went out. */
export interface PushRefused {
  kind: 'push-refused';
  errorCode: string | null;
  errorMessage: string;
  requestId: string | null;
}

/** Proof that no request reached Daraja. */
export interface NotSent {
  kind: 'not-sent';
  cause: string;
  /** How many sends had been claimed; says nothing about one that was claimed since. */
  sends: number;
}

/** The push may have reached Daraja and its answer is not known. */
export interface PushUnknown {
  kind: 'push-unknown';
  cause: string;
}

/** A callback that carried this attempt's token. */
export interface CallbackReceived {
  kind: 'callback';
  callback: StkCallback;
  /** SHA-256 of the body, hex: the same bytes twice are one callback. */
  digest: string;
  /** The body as it came, its first 16 KiB, for people to read: never decided on. A personal datum. */
  raw: string;
  /** The sender's address as the framework knows it, where there was one. */
  sourceIp: string | null;
  /** Who gave it to its attempt after all, and why, where it had been in quarantine. */
  replayed?: { by: string; reason: string };
}

/** What Daraja said when asked. */
export interface QueryAnswered {
  kind: 'query';
  /** Only of an answer with 2xx and `ResponseCode` 0; null for every other answer. */
  resultCode: string | null;
  /** Whether there was any answer at all about this payment. */
  answered: boolean;
  /**
   * Of a look by schedule; those by hand do not count, nor does one that Daraja refused to take.
   * `spread`, about 1, keeps looks out of step.
   */
  scheduled?: { counts: boolean; spread: number };
}

/**
 * The process that was to take the attempt further did not, in time: whoever found it so read it at
 * this version, and says nothing about a later one.
 */
export interface LeftBehind {
  kind: 'left-behind';
  version: number;
}

/** A look at the time: nobody answered, is the deadline past? */
export interface DeadlineLook {
  kind: 'deadline';
  /** Whether the application knows the attempt's account no more, so that nobody can ask about it. */
  accountGone?: boolean;
}

/** An untrustworthy callback came, and the budget has a query for it. */
export interface Nudge {
  kind: 'nudge';
}

/** A person decided, having looked elsewhere. */
export interface OperatorDecision {
  kind: 'operator';
  to: Extract<StkAttemptStatus, 'completed' | 'failed' | 'rejected' | 'expired'>;
  reason: string;
  by: string;
  receipt: string | null;
}

/** A person has looked at what was odd, and it needs nobody any more. */
export interface ReviewEnded {
  kind: 'review-ended';
  flags: readonly StkReviewFlag[];
  reason: string;
  by: string;
}

/** Its personal data is to go: the time to keep it is over, or the person has asked for it. */
export interface ErasureRequest {
  kind: 'erased';
  reason: string;
  by: string;
}

/** Everything that reaches us about an attempt. `decide()` alone says what it means. */
export type Evidence =
  | PushAccepted
  | PushRefused
  | NotSent
  | PushUnknown
  | CallbackReceived
  | QueryAnswered
  | LeftBehind
  | DeadlineLook
  | Nudge
  | OperatorDecision
  | ReviewEnded
  | ErasureRequest;
