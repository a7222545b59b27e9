import { withoutKnownSecrets } from './known-secrets.js';

const MAX_LENGTH = 200;

/** Controls, line ends, and the marks that reorder or hide text in a terminal or a log. */
const UNPRINTABLE =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/g;
const TAG = /<[^<>]*>/g;
/** Tokens (28 characters), passwords, callback tokens, ids with a phone number in them. */
const LONG_RUN = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
const PATH = /^(\/[a-z0-9-]{1,20})+$/;
/** Such a run is none of these; 24 digits and more are the end of an id, with a number in it. */
const HARMLESS_DIGITS = /^(?!.*[0-9]{24})[^A-Za-z]+$/;
const PHONE = /(?<!\d)(\+?254|0)?[17]\d{8}(?!\d)/g;
/** User and password before a host: `postgres://shop:secret@…`. */
const CREDENTIALS = /\/\/[^\s/@]{1,200}@/g;

/**
 * Text of others (Daraja, what stands before it, a handler, a driver) made fit for a log: in one line,
 * short, and without what may be a secret or a person's number. Daraja is known to repeat the access
 * token in the message that refuses it (`401.002.01`).
 */
export function cleanText(text: string, maxLength = MAX_LENGTH): string {
  const line = withoutSecrets(text.replace(TAG, ' ').replace(UNPRINTABLE, ' '))
    .replace(LONG_RUN, (run) => (PATH.test(run) || HARMLESS_DIGITS.test(run) ? run : '***'))
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

/** What is a secret or a number beyond doubt; leaves long names and paths of files as they are. */
export const withoutSecrets = (text: string): string =>
  withoutKnownSecrets(text).replace(CREDENTIALS, '//***@').replace(PHONE, '***');

/** A JSON value with every text in it cleaned; what is nested too deeply is left out. */
export function cleanJson(value: unknown, depth = 5): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return null;
  if (Array.isArray(value)) return value.map((item) => cleanJson(item, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [cleanText(key), cleanJson(item, depth - 1)]),
  );
}
