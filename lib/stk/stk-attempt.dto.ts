import { ATTEMPT_STATUSES } from '../attempts/attempt-status.js';
import type { StkAttemptStatus } from '../attempts/attempt-status.js';
import type { StkConfirmedBy } from '../attempts/attempt-record.js';
import type { JsonObject } from '../attempts/json.js';
import type { StkReviewFlag } from '../attempts/review-flag.js';
import type { StkAttempt } from '../attempts/stk-attempt.js';
import type { StkTransactionType } from '../daraja/daraja-account.js';
import type { StkFailureReason } from '../daraja/result-codes.types.js';
import type { OpenApiProperty } from '../open-api.js';

/**
 * A `StkAttempt` as its JSON is: numbers masked, times as text. For `@ApiOkResponse({ type:
 * StkAttemptDto })` of `@nestjs/swagger`, where a route answers with an attempt. Never made.
 * @publicApi
 */
export class StkAttemptDto implements Record<keyof StkAttempt, unknown> {
  /** A UUID. */
  id!: string;
  /** How far it has come; it never falls. */
  status!: StkAttemptStatus;
  /** Name of the account that asked. */
  account!: string;
  /** Your own; null where the push had none. */
  orderId!: string | null;
  /** Masked: `2547*****678`; empty once it was erased. */
  phoneNumber!: string;
  /** Whole KES. */
  amount!: number;
  /** What the customer reads in the prompt, 1 to 12 characters. */
  accountReference!: string;
  /** 1 to 13 characters. */
  transactionDesc!: string;
  /** PayBill, or Buy Goods. */
  transactionType!: StkTransactionType;
  /** Daraja's id of the request; null until it has answered. */
  merchantRequestId!: string | null;
  /** Its digits of a phone number masked. */
  checkoutRequestId!: string | null;
  /** M-Pesa's receipt number; null until it is known. */
  receipt!: string | null;
  /** Daraja's final code; null until there is one. */
  resultCode!: string | null;
  /** Why it failed; null unless it did. */
  reason!: StkFailureReason | null;
  /** What proved the payment; null unless it is completed. */
  confirmedBy!: StkConfirmedBy | null;
  /** Paid after it had been told failed, rejected or expired. */
  late!: boolean;
  /** What is odd about it; empty as a rule. */
  review!: StkReviewFlag[];
  /** What the push was given to keep. */
  metadata!: JsonObject | null;
  /** This and the other times: ISO 8601, UTC. */
  createdAt!: string;
  /** When Daraja accepted the push. */
  promptedAt!: string | null;
  /** When its status became completed, failed, rejected or expired for the last time. */
  settledAt!: string | null;
  /** When the customer paid. */
  paidAt!: string | null;

  /** Read by `@nestjs/swagger`, as its compiler plugin would write it. @internal */
  static _OPENAPI_METADATA_FACTORY(): Record<keyof StkAttemptDto, OpenApiProperty> {
    return {
      id: text('6f1c2f6e-8f0b-4c39-9d57-0f2f8a4d7c11'),
      status: { ...text('completed'), enum: ATTEMPT_STATUSES },
      account: text('default'),
      orderId: orNull(text('A-100')),
      phoneNumber: { ...text('2547*****678'), description: 'Masked' },
      amount: { type: () => Number, format: 'int32', description: 'Whole KES', example: 100 },
      accountReference: text('INV-001'),
      transactionDesc: text('Subscription'),
      transactionType: {
        ...text('CustomerPayBillOnline'),
        enum: ['CustomerPayBillOnline', 'CustomerBuyGoodsOnline'],
      },
      merchantRequestId: orNull(text('29115-34620561-1')),
      checkoutRequestId: orNull(text('ws_CO_191220191020363925***')),
      receipt: orNull({ ...text('UKODVS4ETK'), description: "M-Pesa's receipt number" }),
      resultCode: orNull({ ...text('0'), description: "Daraja's final code" }),
      reason: orNull({ ...text(null), description: 'Why there was no payment' }),
      confirmedBy: orNull({ ...text('callback'), enum: ['callback', 'query', 'operator'] }),
      late: { type: () => Boolean, description: 'Paid after it had ended', example: false },
      review: { ...text([]), isArray: true, description: 'What is odd about it' },
      metadata: orNull({ type: () => Object, additionalProperties: true, example: null }),
      createdAt: time('2026-01-31T09:30:00.000Z'),
      promptedAt: orNull(time('2026-01-31T09:30:01.000Z')),
      settledAt: orNull(time('2026-01-31T09:30:12.000Z')),
      paidAt: orNull(time('2026-01-31T09:30:11.000Z')),
    };
  }
}

const text = (example: unknown): OpenApiProperty => ({ type: () => String, example });
const time = (example: string): OpenApiProperty => ({ ...text(example), format: 'date-time' });
const orNull = (property: OpenApiProperty): OpenApiProperty => ({ ...property, nullable: true });
