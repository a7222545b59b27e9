import type { StkCallbackRequest } from './stk-callback-request.js';

/** What is kept of a body; a true one has less than 1 KiB. */
const MAX_BYTES = 16 * 1_024;

/** The body as text for people to read, cut where it is too long; null where there is none. */
export function rawBodyOf({
  body,
  rawBody,
}: Pick<StkCallbackRequest, 'body' | 'rawBody'>): string | null {
  const bytes = rawBody ?? bytesOf(body);
  if (!bytes) return null;
  const text = new TextDecoder().decode(bytes.subarray(0, MAX_BYTES));
  // PostgreSQL stores no NUL.
  return text.replaceAll('\0', '\ufffd');
}

function bytesOf(body: unknown): Uint8Array | null {
  try {
    // Undefined for what JSON has no word for; its declaration does not say so.
    const json = JSON.stringify(body) as string | undefined;
    return json === undefined ? null : Buffer.from(json);
  } catch {
    // What does not come from JSON may have a getter that throws, or hold itself.
    return null;
  }
}
