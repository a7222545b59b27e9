import type { Rule } from './rule.js';

/** Longest AccountReference and TransactionDesc (Daraja 3.0 portal, M-Pesa Express page). */
export const MAX_ACCOUNT_REFERENCE = 12;
export const MAX_TRANSACTION_DESC = 13;

/**
 * What stands in the prompt. `@`, `#` and `&` were seen to make the prompt vanish without an error,
 * so only characters that are known to arrive are let through.
 */
const SAFE_CHARACTERS = /^[A-Za-z0-9 _\-./:]*$/;

const promptTextRule =
  (maxLength: number): Rule =>
  (value) => {
    if (typeof value !== 'string' || value.trim() === '') {
      return `must be text of 1 to ${maxLength} characters`;
    }
    if (!SAFE_CHARACTERS.test(value)) {
      return 'must have only letters A-Z, digits, spaces and _ - . / : (others can make the prompt vanish)';
    }
    return value.length > maxLength
      ? `must be text of 1 to ${maxLength} characters: it is never cut`
      : null;
  };

/** 1 to 12 characters: shown in the prompt and in the payer's message, never truncated. */
export const accountReferenceRule = promptTextRule(MAX_ACCOUNT_REFERENCE);

/** 1 to 13 characters: always sent, as Daraja refuses a push without it on live shortcodes. */
export const transactionDescRule = promptTextRule(MAX_TRANSACTION_DESC);
