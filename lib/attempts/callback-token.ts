import { hash, randomFillSync } from 'node:crypto';

const TOKEN_BYTES = 32;
/** For many tokens at once: what the system takes for a call is most of what a token takes. */
const drawn = Buffer.alloc(64 * TOKEN_BYTES);
let used = drawn.length;
const TOKEN_FORMAT = /^[A-Za-z0-9_-]{43}$/;

/** The secret last segment of one attempt's callback URL: 32 random bytes as 43 base64url characters. */
export function drawCallbackToken(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  const bytes = drawn.subarray(used, (used += TOKEN_BYTES));
  const token = bytes.toString('base64url');
  // Nothing that is in use stays behind.
  bytes.fill(0);
  return token;
}

/** Whether `value` has the form of a callback token. Says nothing about whether it was ever drawn. */
export const isCallbackToken = (value: unknown): value is string =>
  typeof value === 'string' && TOKEN_FORMAT.test(value);

/**
 * SHA-256 of the 43 characters, hex: what a store keeps and looks up. The characters are hashed as they
 * are and never decoded, as several base64url strings decode to the same 32 bytes.
 */
export const hashCallbackToken = (token: string): string => hash('sha256', token, 'hex');

/** `url` with the token as one more path segment. A query string stays where it was. */
export function callbackUrlWithToken(url: string, token: string): string {
  const target = new URL(url);
  target.pathname = `${target.pathname.replace(/\/+$/, '')}/${token}`;
  return target.href;
}
