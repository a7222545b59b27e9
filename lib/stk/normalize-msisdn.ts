import { StkInvalidInputError } from './stk.errors.js';

/** Digits with spaces and hyphens between them, after an optional plus. ASCII only: no `\d`-like. */
const WRITTEN = /^ *\+?[0-9](?:[0-9 -]*[0-9])? *$/;
/** Long enough for every way of writing that people use; keeps a hostile text from being scanned. */
const MAX_WRITTEN_LENGTH = 40;
/**
 * No list of prefixes: it goes stale (018x opened before any numbering library knew of it), and
 * number portability breaks it anyway.
 */
const KENYAN_MOBILE = /^(?:\+?254|0)?([17][0-9]{8})$/;

export const INVALID_MSISDN =
  'must be a Kenyan mobile number, such as 0712345678, 0112345678 or +254712345678';

/** The number as Daraja takes it, or null where it is none. */
export function toMsisdn(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_WRITTEN_LENGTH || !WRITTEN.test(value)) {
    return null;
  }
  const subscriber = KENYAN_MOBILE.exec(value.replace(/[ -]/g, ''))?.[1];
  return subscriber === undefined ? null : `254${subscriber}`;
}

/**
 * A Kenyan mobile number as Daraja takes it: `254` and nine digits, the first of them 1 or 7.
 * Accepts `07…`, `01…`, `7…`, `1…`, `+254…` and `254…`, with spaces and hyphens.
 *
 * @throws StkInvalidInputError for everything else: landlines, other countries, letters, digits of
 * other scripts, too many or too few digits
 * @publicApi
 */
export function normalizeMsisdn(input: string): string {
  const msisdn = toMsisdn(input);
  if (msisdn === null) {
    throw new StkInvalidInputError([{ field: 'phoneNumber', message: INVALID_MSISDN }]);
  }
  return msisdn;
}
