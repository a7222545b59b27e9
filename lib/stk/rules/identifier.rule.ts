import type { Rule } from './rule.js';

const MAX_LENGTH = 128;
/** Control characters and lone surrogates: a database refuses or changes them. */
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

/** An identifier of the application's own: 1 to 128 characters that every store keeps as they are. */
export const identifierRule: Rule = (value) =>
  typeof value === 'string' &&
  value.trim() !== '' &&
  value.length <= MAX_LENGTH &&
  !UNSTORABLE.test(value)
    ? null
    : `must be text of 1 to ${MAX_LENGTH} characters without control characters`;
