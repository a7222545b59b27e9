/** A complete answer, of whatever status, its body not yet looked at. */
export interface HttpAnswer {
  kind: 'answer';
  status: number;
  /** Value of `Retry-After`, where the answer had one. */
  retryAfter: string | null;
  text: string;
}

/** No complete answer. Made of plain words only: the errors of the HTTP client hold secrets. */
export interface HttpFailure {
  kind: 'failure';
  /**
   * False is a proof: the request was never handed to a connection and never will be. True says
   * only that it may have arrived.
   */
  sent: boolean;
  /** Where it broke, in one word. */
  cause: string;
}

export type HttpResult = HttpAnswer | HttpFailure;

export const isSuccess = (status: number): boolean => status >= 200 && status < 300;
