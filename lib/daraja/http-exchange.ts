import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { Connections, Line } from './connections.js';
import type { DarajaHttpOptions } from './daraja-http-options.js';
import { IncomingAnswer, type HttpAnswer } from './http-answer.js';

/**
 * One request from its start to the last byte of its answer: its time-outs, its cap, and the gate that
 * it passes at the very moment at which it can begin to write.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  /** Whether the gate let the request through. While false, no byte has been written. */
  sent = false;
  /** Why it ended early. Once set, the gate stays shut. */
  cause: string | null = null;

  readonly #total: NodeJS.Timeout;
  #phase: NodeJS.Timeout | undefined;
  #settle: { resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void } | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #line: Line | undefined;
  #answer: IncomingAnswer | undefined;

  constructor(
    private readonly connections: Connections,
    private readonly timeouts: DarajaHttpOptions,
    private readonly mayStillSend: () => boolean,
  ) {
    this.#total = setTimeout(() => {
      this.end('total-timeout');
    }, timeouts.totalTimeoutMs);
  }

  /** Makes the request. */
  open(dispatcher: Dispatcher, request: Dispatcher.DispatchOptions): Promise<HttpAnswer> {
    if (this.cause !== null) throw new Error('This exchange is over');
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      // The pool has this time-out as well, to within a second.
      this.startPhase('connect-timeout', this.timeouts.connectTimeoutMs);
      // Twice, as the pool hands a request on as it is, and a handler in a wrapping of its own.
      const known = { ...request, exchange: this };
      dispatcher.dispatch(known, this);
    });
  }

  /** Which connection the request is written to when that stands. */
  goesBy(line: Line): void {
    this.#line = line;
  }

  /** Ends the exchange; the first cause given is kept. */
  end(cause: string): string {
    this.cause ??= cause;
    const error = new Error(cause);
    this.#settle?.reject(error);
    this.#controller?.abort(error);
    return this.cause;
  }

  /** Stops the clocks. */
  close(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#phase);
  }

  /**
   * The gate. Called with a connection that stands; the request is written as soon as it returns, unless
   * it is aborted by then. No request passes it twice, whatever the pool or a plug-in of axios may repeat.
   */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    const refusal = this.refusal(this.#line?.socket ?? null);
    if (refusal !== null) {
      this.end(refusal);
      return;
    }
    this.sent = true;
    this.startPhase('headers-timeout', this.timeouts.headersTimeoutMs);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusText = '',
  ): void {
    // Something that comes before the answer.
    if (status < 200) return;
    this.#answer = new IncomingAnswer({ status, statusText, headers });
    this.startPhase('body-timeout', this.timeouts.bodyTimeoutMs);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#answer?.add(chunk) === false) this.end('response-too-large');
  }

  onResponseEnd(): void {
    if (this.#line?.socket) this.connections.used(this.#line.socket);
    if (this.#answer) this.#settle?.resolve(this.#answer.whole());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle?.reject(error);
  }

  private refusal(socket: Socket | null): string | null {
    if (this.cause !== null) return this.cause;
    if (this.sent) return 'connection-reset';
    if (!socket || !this.connections.isFresh(socket)) return 'stale-connection';
    return this.mayStillSend() ? null : 'send-window-closed';
  }

  private startPhase(cause: string, ms: number): void {
    clearTimeout(this.#phase);
    this.#phase = setTimeout(() => {
      this.end(cause);
    }, ms);
  }
}
