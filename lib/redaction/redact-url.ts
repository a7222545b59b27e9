/** The length and alphabet of a callback token: 32 bytes in base64url. */
const CALLBACK_TOKEN_SEGMENT = /(?<=^|\/)[A-Za-z0-9_-]{43}(?=$|[/?#])/g;

/**
 * A URL or path with the secret segment of an attempt's callback URL replaced by `***`: for access
 * logs, traces and error reports. Anything else stays as it is.
 *
 * @example
 * redactUrl(request.url) // '/stk/callback/***'
 * @publicApi
 */
export function redactUrl(url: string): string {
  return url.replace(CALLBACK_TOKEN_SEGMENT, '***');
}
