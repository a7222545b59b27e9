import { cleanText } from '../../redaction/clean-text.js';
import { maskCheckoutRequestId } from '../../redaction/mask-checkout-request-id.js';
import { maskMsisdn } from '../../redaction/mask-msisdn.js';
import { redactUrl } from '../../redaction/redact-url.js';

const hidden = (): string => '***';

/** By the name of a field, in lower case. */
const REDACTORS: Readonly<Record<string, (value: string) => string>> = {
  password: hidden,
  access_token: hidden,
  partya: maskMsisdn,
  phonenumber: maskMsisdn,
  callbackurl: redactUrl,
  checkoutrequestid: maskCheckoutRequestId,
};

/** A body of Daraja's as it may be shown to whoever looks at the screen. Text that is no JSON is cleaned. */
export const redactBody = (body: unknown): unknown => {
  if (typeof body === 'string') return cleanText(body);
  if (Array.isArray(body)) return body.map(redactBody);
  if (typeof body !== 'object' || body === null) return body;
  const { Name: item } = body as { Name?: unknown };
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      // A callback's items are { Name, Value }.
      const field = name === 'Value' && typeof item === 'string' ? item : name;
      const redact = REDACTORS[field.toLowerCase()];
      if (redact && (typeof value === 'string' || typeof value === 'number')) {
        return [name, redact(String(value))];
      }
      return [name, typeof value === 'string' ? value : redactBody(value)];
    }),
  );
};
