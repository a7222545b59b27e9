import type { EmulatorScenario } from './emulator-scenario.js';

/**
 * What became of a prompt: `ignored` is closed on the phone, but not yet over for Daraja; `failed` is
 * every other end, such as no funds.
 * @publicApi
 */
export type EmulatorPromptStatus =
  'ringing' | 'paid' | 'wrong-pin' | 'cancelled' | 'ignored' | 'expired' | 'failed';

/** A push that passed all checks. */
export interface AcceptedPush {
  /** `254` and nine digits. */
  phoneNumber: string;
  /** Whole KES. */
  amount: number;
  /** The name that the customer reads. */
  merchant: string;
  /** BusinessShortCode of the push. */
  shortCode: string;
  /** Who is paid: the PayBill or the till. */
  partyB: string;
  /** As the push had it. */
  transactionType: string;
  /** As the push had it. */
  accountReference: string;
  /** As the push had it. */
  transactionDesc: string;
  /** CallBackURL of the push, with its token. */
  callbackUrl: string;
  /**
   * The result code that a right PIN ends in where type and PartyB do not fit; null where they do.
   */
  misassigned: string | number | null;
}

/**
 * A prompt on a customer's phone, as it is now: a snapshot that does not change.
 * @publicApi
 */
export interface EmulatorPrompt extends Readonly<Omit<AcceptedPush, 'misassigned'>> {
  /** CheckoutRequestID. */
  readonly id: string;
  /** MerchantRequestID. */
  readonly merchantRequestId: string;
  /** ISO 8601, like the other times. */
  readonly createdAt: string;
  /** When it ends with 1037 unless somebody answers it. */
  readonly expiresAt: string;
  /** What became of it. */
  readonly status: EmulatorPromptStatus;
  /** Null until it is over. */
  readonly resultCode: number | string | null;
  /** Daraja's text for the code; null until it is over. */
  readonly resultDesc: string | null;
  /** When it was over; null until then. */
  readonly settledAt: string | null;
  /** Only when paid. */
  readonly receipt: string | null;
}

/** The emulator's own record of a prompt. */
export interface PromptEntry {
  view: EmulatorPrompt;
  readonly scenario: EmulatorScenario;
  readonly misassigned: string | number | null;
  callOffExpiry: () => void;
  /** How many queries were answered while it was pending, and after. */
  pendingQueries: number;
  settledQueries: number;
  /** Ends when the first callback was delivered, or there is to be none. */
  readonly delivered: Promise<void>;
  readonly markDelivered: () => void;
}

export const isOver = (prompt: EmulatorPrompt): boolean => prompt.resultCode !== null;

/**
 * A prompt that cannot be answered: it is not known, or was answered before.
 * @publicApi
 */
export class EmulatorPromptError extends Error {
  constructor(
    /** Whether there is no such prompt, or somebody has answered it. */
    readonly reason: 'unknown' | 'answered',
    message: string,
  ) {
    super(message);
    this.name = 'EmulatorPromptError';
  }
}
