import type { DescribeResultCode } from '../daraja/result-codes.types.js';
import type { StkAttempt } from './stk-attempt.js';
import type { StkCallback } from './stk-callback.js';

/**
 * What a success needs before it counts: the trusted callback alone, or Daraja's word when asked.
 * @publicApi
 */
export type StkConfirmation = 'callback' | 'query';

/** What a function that chooses the confirmation is given. @publicApi */
export interface StkSuccessEvidence {
  /** The attempt, before the payment counts. */
  attempt: StkAttempt;
  /** The callback of a success, whose token, ids and amount fit. */
  callback: StkCallback;
  /** The sender's address as the framework knows it; null where there was none. */
  sourceIp: string | null;
}

/** The application's choices, with which `decide()` reads evidence. Injected by this class. */
export abstract class EvidencePolicy {
  abstract readonly describeResultCode: DescribeResultCode;
  abstract readonly confirmation: (evidence: StkSuccessEvidence) => StkConfirmation;
  /** Whether Daraja is asked by schedule. */
  abstract readonly scheduledQueries: boolean;
  /** From Daraja's acceptance to the first query, in ms. */
  abstract readonly firstAfterMs: number;
  /** From the send to `expired`, in ms; twice that at the latest. */
  abstract readonly expireAfterMs: number;
  /** From the send to the end of all asking, in ms. */
  abstract readonly giveUpAfterMs: number;
}
