import type { TransformFnParams } from 'class-transformer';
import { Transform } from 'class-transformer';
import { ValidateIf } from 'class-validator';
import type { OpenApiProperty } from '../open-api.js';
import { toMsisdn } from './normalize-msisdn.js';
import { MAX_IDENTIFIER } from './rules/identifier.rule.js';
import { MAX_ACCOUNT_REFERENCE, MAX_TRANSACTION_DESC } from './rules/prompt-text.rule.js';
import { MPESA_MAX_AMOUNT } from './rules/shilling-amount.rule.js';
import {
  IsAccountReference,
  IsIdentifier,
  IsKenyanMsisdn,
  IsShillingAmount,
  IsTransactionDesc,
} from './stk.validators.js';

const asSent = ({ obj, key }: TransformFnParams): unknown => (obj as Record<string, unknown>)[key];

/**
 * The value as it came: a global pipe with `enableImplicitConversion` would otherwise have made a
 * number of `"10"` before anybody could refuse it.
 */
const AsSent = (): PropertyDecorator => Transform(asSent, { toClassOnly: true });

/** An unreadable number stays as it came, for the validator to refuse. */
const AsMsisdn = (): PropertyDecorator =>
  Transform((params) => toMsisdn(asSent(params)) ?? asSent(params), { toClassOnly: true });

const IfGiven = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/**
 * A push as an HTTP client may ask for it. Use it with `MpesaValidationPipe`, which refuses all other
 * fields.
 *
 * The rest of `StkPushInput` is not for a client to say, so it is not here: whoever may choose
 * `orderId` and `amount` pays 1 KES for any order, whoever may choose `callbackUrl` is told the proof
 * of payment, and your event handlers trust `metadata`. Add those in your controller. Where the price
 * is yours to say, set `amount` there too, from the order, with a DTO of your own made of the
 * `Is…` validators.
 * @publicApi
 */
export class StkPushDto {
  /** The payer's number; normalised to `254` and nine digits. */
  @AsMsisdn()
  @IsKenyanMsisdn()
  phoneNumber!: string;

  /** Whole KES, 1 to 250,000, as a JSON number. */
  @AsSent()
  @IsShillingAmount()
  amount!: number;

  /** 1 to 12 characters. */
  @AsSent()
  @IsAccountReference()
  accountReference!: string;

  /** 1 to 13 characters. */
  @AsSent()
  @IsTransactionDesc()
  transactionDesc!: string;

  /** Drawn by the client once per payment, so that a double click asks the phone once. */
  @AsSent()
  @IfGiven()
  @IsIdentifier()
  idempotencyKey?: string;

  /** Read by `@nestjs/swagger`, as its compiler plugin would write it. @internal */
  static _OPENAPI_METADATA_FACTORY(): Record<keyof StkPushDto, OpenApiProperty> {
    const text = { type: () => String, minLength: 1 };
    return {
      phoneNumber: { ...text, description: "The payer's Kenyan number", example: '0712 345 678' },
      amount: {
        type: () => Number,
        format: 'int32',
        minimum: 1,
        maximum: MPESA_MAX_AMOUNT,
        description: 'Whole KES',
        example: 100,
      },
      accountReference: {
        ...text,
        maxLength: MAX_ACCOUNT_REFERENCE,
        description: 'What is paid; the payer reads it',
        example: 'INV-001',
      },
      transactionDesc: { ...text, maxLength: MAX_TRANSACTION_DESC, example: 'Subscription' },
      idempotencyKey: {
        ...text,
        maxLength: MAX_IDENTIFIER,
        required: false,
        description: 'Drawn once for each payment: a double click asks the phone once',
        example: '7d1c3f0a-5f0e-4a57-9a5e-0c9d6f1c2b3a',
      },
    };
  }
}
