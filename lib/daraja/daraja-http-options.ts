/**
 * Time-outs of one call to Daraja, all in ms. What was sent when one of them strikes has an unknown
 * outcome; it is never sent again.
 * @publicApi
 */
export interface DarajaHttpOptions {
  /**
   * Until the connection stands, TLS included.
   * @default 3000
   */
  connectTimeoutMs: number;
  /**
   * From the request sent to the answer's headers.
   * @default 15000
   */
  headersTimeoutMs: number;
  /**
   * For the answer's body after its headers.
   * @default 5000
   */
  bodyTimeoutMs: number;
  /**
   * For the whole call.
   * @default 20000
   */
  totalTimeoutMs: number;
}
