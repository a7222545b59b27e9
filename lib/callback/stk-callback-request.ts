/**
 * A callback as it came in. An interface, not a class: a global `ValidationPipe` has nothing to
 * validate it by, and passes it on as it is.
 * @publicApi
 */
export interface StkCallbackRequest {
  /** The last segment of the URL to which Daraja posted. A secret. */
  token: string;
  /** The body as parsed JSON; of no interest where the bytes are given. */
  body: unknown;
  /**
   * The bytes of the body: from the module's own route always, from one of yours where the application
   * keeps them (`rawBody: true`). Read strictly, so that a name that stands twice is noticed.
   */
  rawBody?: Uint8Array;
  /**
   * What is wrong with it already, where that is known: too long, compressed, not JSON by its content
   * type. Then it is quarantined. Without the sender's words in it, as it is logged.
   */
  problem?: string;
  /** The sender's address as the framework knows it, behind the proxies that it trusts. */
  sourceIp?: string | null;
}
