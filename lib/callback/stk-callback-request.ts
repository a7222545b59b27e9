/**
 * A callback as it came in. An interface, not a class: a global `ValidationPipe` has nothing to
 * validate it by, and passes it on as it is.
 * @publicApi
 */
export interface StkCallbackRequest {
  /** The last segment of the URL to which Daraja posted. A secret. */
  token: string;
  /** The body as parsed JSON. */
  body: unknown;
  /** The bytes of the body, where the application keeps them (`rawBody: true`). */
  rawBody?: Uint8Array;
  /** The sender's address as the framework knows it, behind the proxies that it trusts. */
  sourceIp?: string | null;
}
