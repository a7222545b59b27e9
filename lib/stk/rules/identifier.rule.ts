import type { Rule } from './rule.js';

export const MAX_IDENTIFIER = 128;
/** Control characters and lone surrogates: a database refuses or changes them. */
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

/** An identifier of the application's own: 1 to 128 characters that every store keeps as they are. */
export const identifierRule: Rule = (value) =>
  typeof value === 'string' &&
  value.trim() !== '' &&
  value.length <= MAX_IDENTIFIER &&
  !UNSTORABLE.test(value)
    ? null
    : `must be text of 1 to ${MAX_IDENTIFIER} characters without control characters`;
