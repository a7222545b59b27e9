/** What Daraja accepts in a field. */
export type FieldCheck = (value: unknown) => boolean;

/** Numbers are accepted wherever the portal says "Numeric", as number or as text. */
const digits = (value: unknown): string =>
  typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value))
    ? String(value)
    : '';

const text =
  (minLength: number, maxLength: number): FieldCheck =>
  (value) =>
    typeof value === 'string' && value.trim().length >= minLength && value.length <= maxLength;

export const isShortCode: FieldCheck = (value) => /^\d{5,7}$/.test(digits(value));

export const isPassword: FieldCheck = text(1, 1024);

/**
 * 14 digits that are a date; how far from now is not looked at, as Daraja was never seen to do so.
 */
export const isTimestamp: FieldCheck = (value) => {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(
    typeof value === 'string' ? value : '',
  );
  if (!parts) return false;
  const [, year, month, day, hour, minute, second] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = Date.parse(iso);
  return !Number.isNaN(time) && new Date(time).toISOString() === iso;
};

/** Whole shillings, 1 to 250,000 in one transaction (portal, M-Pesa Express FAQ). */
export const isAmount: FieldCheck = (value) =>
  /^[1-9]\d{0,5}$/.test(digits(value)) && Number(value) <= 250_000;

export const isMsisdn: FieldCheck = (value) => /^254\d{9}$/.test(digits(value));

/**
 * Longer ones were seen to get through at times; the portal says 12, and no application should
 * count on more.
 */
export const isReference: FieldCheck = text(1, 12);

/**
 * At most 13, as for the reference. Daraja names it Remarks when it refuses it, and refuses null
 * though the page calls it optional.
 */
export const isDescription: FieldCheck = text(1, 13);

/**
 * No look at DNS, nor at words in the path; plain http as in the sandbox, and loopback for tests.
 */
export const isCallbackUrl: FieldCheck = (value) => {
  if (typeof value !== 'string' || /\s/.test(value) || !URL.canParse(value)) return false;
  const host = /^https?:\/\/([^/?#]+)/.exec(value)?.[1];
  return host !== undefined && host === host.toLowerCase();
};

export const isCheckoutRequestId: FieldCheck = text(1, 100);
