import type { ResolvedMpesaOptions } from '../mpesa-resolved-options.js';
import { toMsisdn } from './normalize-msisdn.js';
import { callbackUrlRule, normalizeCallbackUrl } from './rules/callback-url.rule.js';
import { identifierRule } from './rules/identifier.rule.js';
import { JsonProblem, copyJsonObject } from './rules/json-object.js';
import { msisdnRule } from './rules/msisdn.rule.js';
import { accountReferenceRule, transactionDescRule } from './rules/prompt-text.rule.js';
import type { Rule } from './rules/rule.js';
import { shillingAmountRule } from './rules/shilling-amount.rule.js';
import { transactionTypeRule } from './rules/transaction-type.rule.js';
import type { StkPushInput } from './stk-push-input.js';
import type { StkInputProblem } from './stk.errors.js';
import { StkInvalidInputError } from './stk.errors.js';

/** What the checks depend on. */
export interface StkInputContext {
  environment: ResolvedMpesaOptions['environment'];
  limits: ResolvedMpesaOptions['limits'];
  /** The account that the input names; null where there is none of this name. */
  account: Pick<ResolvedMpesaOptions['account'], 'transactionType'> | null;
}

export const NO_SUCH_ACCOUNT = 'must be the name of an account: none has this one';

/** An optional field may be left out or undefined; null is somebody's mistake. */
const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined ? null : rule(value);

const metadataRule: Rule = (value) => {
  try {
    copyJsonObject(value);
    return null;
  } catch (error) {
    if (error instanceof JsonProblem) return error.message;
    throw error;
  }
};

/**
 * The account's own, as it decides who is paid: Daraja accepts a push of the other type, and it fails
 * after the customer has typed the PIN.
 */
const transactionTypeOf =
  (account: StkInputContext['account']): Rule =>
  (value) =>
    transactionTypeRule(value) ??
    (!account || value === account.transactionType
      ? null
      : `must be ${account.transactionType}, as the account ${
          account.transactionType === 'CustomerPayBillOnline'
            ? 'has no tillNumber'
            : 'has a tillNumber'
        }`);

const accountRule =
  (account: StkInputContext['account']): Rule =>
  (value) =>
    identifierRule(value) ?? (account ? null : NO_SUCH_ACCOUNT);

const rulesFor = (context: StkInputContext): Record<keyof StkPushInput, Rule> => ({
  phoneNumber: msisdnRule,
  amount: shillingAmountRule(context.limits.maxAmount),
  accountReference: accountReferenceRule,
  transactionDesc: transactionDescRule,
  account: optional(accountRule(context.account)),
  transactionType: optional(transactionTypeOf(context.account)),
  callbackUrl: optional(callbackUrlRule(context.environment === 'sandbox')),
  orderId: optional(identifierRule),
  idempotencyKey: optional(identifierRule),
  metadata: optional(metadataRule),
});

function problemsOf(input: object, context: StkInputContext): StkInputProblem[] {
  const rules: Record<string, Rule> = rulesFor(context);
  const given = input as Record<string, unknown>;
  const known = Object.entries(rules).flatMap(([field, rule]) => {
    const message = rule(given[field]);
    return message === null ? [] : [{ field, message }];
  });
  // A misspelt `orderId` would silently take away the protection against paying twice.
  const unknown = Object.keys(given)
    .filter((field) => !Object.hasOwn(rules, field) && given[field] !== undefined)
    .map((field) => {
      const fields = Object.keys(rules).join(', ');
      return { field, message: `is not a field of a push; there are ${fields}` };
    });
  return [...known, ...unknown];
}

/**
 * The input, read once: whatever is checked is also what is sent, getters and later changes or not.
 *
 * @throws StkInvalidInputError where it is no object
 */
export function readStkPushInput(input: unknown): StkPushInput {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new StkInvalidInputError([{ field: 'input', message: 'must be an object' }]);
  }
  return { ...(input as StkPushInput) };
}

/**
 * A checked copy of the input: phone number and callback URL in their one form, metadata copied,
 * fields that are undefined left out.
 *
 * @throws StkInvalidInputError with one entry for each field that is wrong, misspelt names included
 */
export function validateStkPushInput(input: StkPushInput, context: StkInputContext): StkPushInput {
  const read = readStkPushInput(input);
  const problems = problemsOf(read, context);
  const phoneNumber = toMsisdn(read.phoneNumber);
  if (problems.length > 0 || phoneNumber === null) throw new StkInvalidInputError(problems);
  return {
    phoneNumber,
    amount: read.amount,
    accountReference: read.accountReference,
    transactionDesc: read.transactionDesc,
    ...(read.account !== undefined && { account: read.account }),
    ...(read.transactionType !== undefined && { transactionType: read.transactionType }),
    ...(read.callbackUrl !== undefined && { callbackUrl: normalizeCallbackUrl(read.callbackUrl) }),
    ...(read.orderId !== undefined && { orderId: read.orderId }),
    ...(read.idempotencyKey !== undefined && { idempotencyKey: read.idempotencyKey }),
    ...(read.metadata !== undefined && { metadata: copyJsonObject(read.metadata) }),
  };
}
