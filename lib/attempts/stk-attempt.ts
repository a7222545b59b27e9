import type { InspectOptions } from 'node:util';
import type { StkTransactionType } from '../daraja/daraja-account.js';
import type { StkFailureReason } from '../daraja/result-codes.types.js';
import type { AttemptRecord, StkConfirmedBy } from './attempt-record.js';
import type { StkAttemptStatus } from './attempt-status.js';
import type { JsonObject } from './json.js';
import { maskCheckoutRequestId } from '../redaction/mask-checkout-request-id.js';
import { maskMsisdn } from '../redaction/mask-msisdn.js';
import type { StkReviewFlag } from './review-flag.js';

interface AttemptView {
  /** Drawn when it was opened: a UUID. */
  readonly id: string;
  /** How far it has come; it never falls. */
  readonly status: StkAttemptStatus;
  /** Name of the account that asked; `default` for the one of the top-level options. */
  readonly account: string;
  /** Your own, as `push()` was given it; null where it was given none. */
  readonly orderId: string | null;
  /**
   * `254` and nine digits, whole; empty once it was erased. Masked by `toJSON()` and `util.inspect()`.
   */
  readonly phoneNumber: string;
  /** Whole KES. */
  readonly amount: number;
  /** What the customer reads in the prompt, 1 to 12 characters. */
  readonly accountReference: string;
  /** 1 to 13 characters, as Daraja was sent them. */
  readonly transactionDesc: string;
  /** PayBill, or Buy Goods. */
  readonly transactionType: StkTransactionType;
  /** Daraja's id of the request; null until it has answered. */
  readonly merchantRequestId: string | null;
  /** Ends in digits of the payer's phone number: personal data, masked once that was erased. */
  readonly checkoutRequestId: string | null;
  /** M-Pesa's receipt number. */
  readonly receipt: string | null;
  /** Daraja's final code, as text. */
  readonly resultCode: string | null;
  /** Why it failed; null unless it did. */
  readonly reason: StkFailureReason | null;
  /** What proved the payment; null unless it is completed. */
  readonly confirmedBy: StkConfirmedBy | null;
  /** Paid after you had been told failed, rejected or expired. */
  readonly late: boolean;
  /** What is odd about it; empty as a rule. */
  readonly review: readonly StkReviewFlag[];
  /** What `push()` was given to keep; null where nothing, or once it was erased. */
  readonly metadata: JsonObject | null;
  /** By the clock of the store. */
  readonly createdAt: Date;
  /** When Daraja accepted the push. */
  readonly promptedAt: Date | null;
  /** When its status became completed, failed, rejected or expired for the last time. */
  readonly settledAt: Date | null;
  /** When the customer paid. */
  readonly paidAt: Date | null;
}

/**
 * One prompt on one phone, and what became of it: a read-only picture of the moment at which it was
 * read. Tell the kinds apart by `status`.
 * @publicApi
 */
export type StkAttempt =
  | (AttemptView & { readonly status: 'created' | 'sending' | 'uncertain' | 'pending' })
  | (AttemptView & { readonly status: 'expired' | 'rejected'; readonly settledAt: Date })
  | (AttemptView & {
      readonly status: 'failed';
      readonly reason: StkFailureReason;
      readonly settledAt: Date;
    })
  | (AttemptView & {
      readonly status: 'completed';
      readonly confirmedBy: StkConfirmedBy;
      readonly settledAt: Date;
      readonly paidAt: Date;
    });

/** Its properties have their places, unlike those of an object that they are assigned to: see `BLANK_ATTEMPT`. */
class StkAttemptView implements AttemptView {
  readonly id: AttemptView['id'];
  readonly status: AttemptView['status'];
  readonly account: AttemptView['account'];
  readonly orderId: AttemptView['orderId'];
  readonly phoneNumber: AttemptView['phoneNumber'];
  readonly amount: AttemptView['amount'];
  readonly accountReference: AttemptView['accountReference'];
  readonly transactionDesc: AttemptView['transactionDesc'];
  readonly transactionType: AttemptView['transactionType'];
  readonly merchantRequestId: AttemptView['merchantRequestId'];
  readonly checkoutRequestId: AttemptView['checkoutRequestId'];
  readonly receipt: AttemptView['receipt'];
  readonly resultCode: AttemptView['resultCode'];
  readonly reason: AttemptView['reason'];
  readonly confirmedBy: AttemptView['confirmedBy'];
  readonly late: AttemptView['late'];
  readonly review: AttemptView['review'];
  readonly metadata: AttemptView['metadata'];
  readonly createdAt: AttemptView['createdAt'];
  readonly promptedAt: AttemptView['promptedAt'];
  readonly settledAt: AttemptView['settledAt'];
  readonly paidAt: AttemptView['paidAt'];

  constructor(record: AttemptRecord) {
    this.id = record.id;
    this.status = record.status;
    this.account = record.account;
    this.orderId = record.orderId;
    this.phoneNumber = record.phoneNumber;
    this.amount = record.amount;
    this.accountReference = record.accountReference;
    this.transactionDesc = record.transactionDesc;
    this.transactionType = record.transactionType;
    this.merchantRequestId = record.merchantRequestId;
    this.checkoutRequestId = record.checkoutRequestId;
    this.receipt = record.receipt;
    this.resultCode = record.resultCode;
    this.reason = record.reason;
    this.confirmedBy = record.confirmedBy;
    this.late = record.late;
    this.review = record.review;
    this.metadata = record.metadata;
    this.createdAt = record.createdAt;
    this.promptedAt = record.promptedAt;
    this.settledAt = record.settledAt;
    this.paidAt = record.paidAt;
  }

  toJSON(): Record<string, unknown> {
    const { phoneNumber, checkoutRequestId, ...rest } = this;
    return {
      ...rest,
      phoneNumber: maskMsisdn(phoneNumber),
      checkoutRequestId: checkoutRequestId && maskCheckoutRequestId(checkoutRequestId),
    };
  }

  [Symbol.for('nodejs.util.inspect.custom')](
    _depth: number,
    options: InspectOptions,
    inspect: (value: unknown, options: InspectOptions) => string,
  ): string {
    return `StkAttempt ${inspect(this.toJSON(), options)}`;
  }
}

export const toStkAttempt = (record: AttemptRecord): StkAttempt =>
  Object.freeze(new StkAttemptView(record)) as StkAttempt;
