import { cleanText, withoutSecrets } from '../../redaction/clean-text.js';
import { maskCheckoutRequestId } from '../../redaction/mask-checkout-request-id.js';
import { maskMsisdn } from '../../redaction/mask-msisdn.js';

const hidden = (): string => '***';

/** What an application puts at the end of its callback URL may be its secret. */
const hideEnd = (url: string): string => withoutSecrets(url).replace(/[^/]*$/, '***');

/** By the name of a field, in lower case. */
const REDACTORS = new Map<string, (value: string) => string>([
  ['password', hidden],
  ['access_token', hidden],
  ['partya', maskMsisdn],
  ['phonenumber', maskMsisdn],
  ['callbackurl', hideEnd],
  ['checkoutrequestid', maskCheckoutRequestId],
]);

/** Deeper than any body of Daraja's. */
const DEPTH = 10;

/**
 * A body of Daraja's as it may be shown to whoever looks at the screen. What is nested too deeply is
 * left out.
 */
export const redactBody = (body: unknown, depth = DEPTH): unknown => {
  if (typeof body === 'string') return cleanText(body);
  if (typeof body !== 'object' || body === null) return body;
  if (depth === 0) return '…';
  if (Array.isArray(body)) return body.map((item) => redactBody(item, depth - 1));
  const { Name: item } = body as { Name?: unknown };
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      // A callback's items are { Name, Value }.
      const field = name === 'Value' && typeof item === 'string' ? item : name;
      const redact = REDACTORS.get(field.toLowerCase());
      const isPlain = typeof value === 'string' || typeof value === 'number';
      return [
        cleanText(name),
        redact && isPlain ? redact(String(value)) : redactBody(value, depth - 1),
      ];
    }),
  );
};
