/**
 * Why a customer's payment did not happen, in words that code can switch on.
 * @publicApi
 */
export type StkFailureReason =
  | 'cancelled'
  | 'insufficient-funds'
  | 'wrong-pin'
  | 'pin-locked'
  | 'unreachable'
  | 'timeout'
  | 'limit'
  | 'duplicate'
  | 'subscriber-busy'
  | 'merchant-config'
  | 'system'
  | 'unknown';

/**
 * What a ResultCode of the callback or of the query means.
 * @publicApi
 */
export interface ResultCodeDescription {
  /** The code as text; Daraja sends numbers, numeric strings and strings with letters. */
  code: string;
  /**
   * `success` for 0; `failure` for each code that is known, from Safaricom's pages or from a
   * recorded call, to be final; `pending` for 4999; `unknown` for all others, which decide nothing.
   */
  meaning: 'success' | 'failure' | 'pending' | 'unknown';
  /** Why there was no payment; `unknown` also for 0 and 4999, which are no failures. */
  reason: StkFailureReason;
  /** Daraja's usual text for it, for people. Never decide on it: it varies. */
  title: string;
  /** Who can do something about it. */
  actor: 'customer' | 'merchant' | 'developer' | 'nobody';
  /** Whether a new push to the same customer makes sense. */
  retryable: boolean;
  /** How long to wait before that new push, in ms. */
  retryAfterMs?: number;
  /** What to tell the customer, in English and Swahili. */
  customerMessage: { en: string; sw: string };
  /** Where the knowledge comes from; `claimed` codes have meaning `unknown`. */
  evidence: 'official' | 'observed' | 'claimed' | 'none';
}

export type DescribeResultCode = (code: string | number) => ResultCodeDescription;
