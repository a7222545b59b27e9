import type { ValidationArguments, ValidationOptions } from 'class-validator';
import { ValidateBy } from 'class-validator';
import { callbackUrlRule } from './rules/callback-url.rule.js';
import { identifierRule } from './rules/identifier.rule.js';
import { msisdnRule } from './rules/msisdn.rule.js';
import { accountReferenceRule, transactionDescRule } from './rules/prompt-text.rule.js';
import type { Rule } from './rules/rule.js';
import { MPESA_MAX_AMOUNT, shillingAmountRule } from './rules/shilling-amount.rule.js';

/** A class-validator decorator of the same rule that `push()` applies, with the same message. */
function byRule(name: string, rule: Rule, options?: ValidationOptions): PropertyDecorator {
  const defaultMessage = (args?: ValidationArguments): string => {
    const value: unknown = args?.value;
    if (!options?.each) return `$property ${rule(value) ?? ''}`;
    const items: unknown[] = Array.isArray(value) ? value : [];
    return `each value in $property ${rule(items.find((item) => rule(item) !== null)) ?? ''}`;
  };
  const validate = (value: unknown): boolean => rule(value) === null;
  return ValidateBy({ name, validator: { validate, defaultMessage } }, options);
}

/**
 * A Kenyan mobile number in any form that `normalizeMsisdn()` takes.
 * @publicApi
 */
export const IsKenyanMsisdn = (options?: ValidationOptions): PropertyDecorator =>
  byRule('isKenyanMsisdn', msisdnRule, options);

/**
 * Whole KES as a number, from 1 to `maxAmount`. Text such as `'10'` is refused.
 * @param maxAmount default 250,000, M-Pesa's own limit
 * @publicApi
 */
export const IsShillingAmount = (
  maxAmount: number = MPESA_MAX_AMOUNT,
  options?: ValidationOptions,
): PropertyDecorator => byRule('isShillingAmount', shillingAmountRule(maxAmount), options);

/**
 * An absolute https URL without credentials, query string and fragment, as Daraja takes it. For what
 * your own staff configures: a callback URL must not come from a customer.
 * @param rules `allowHttp` (default false) for the sandbox and the emulator
 * @publicApi
 */
export const IsCallbackUrl = (
  rules: { allowHttp?: boolean } = {},
  options?: ValidationOptions,
): PropertyDecorator => byRule('isCallbackUrl', callbackUrlRule(rules.allowHttp ?? false), options);

/**
 * 1 to 12 letters A-Z, digits, spaces and `_ - . / :`.
 * @publicApi
 */
export const IsAccountReference = (options?: ValidationOptions): PropertyDecorator =>
  byRule('isAccountReference', accountReferenceRule, options);

/**
 * 1 to 13 letters A-Z, digits, spaces and `_ - . / :`.
 * @publicApi
 */
export const IsTransactionDesc = (options?: ValidationOptions): PropertyDecorator =>
  byRule('isTransactionDesc', transactionDescRule, options);

/** An identifier of the application's own, 1 to 128 characters. */
export const IsIdentifier = (options?: ValidationOptions): PropertyDecorator =>
  byRule('isIdentifier', identifierRule, options);
