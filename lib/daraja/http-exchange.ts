import http from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import https from 'node:https';
import type { RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Connections } from './connections.js';
import type { DarajaHttpOptions } from './daraja-http-options.js';

/**
 * One request from its start to the last byte of its answer: its time-outs, and the gate that it
 * passes at the very moment at which it can begin to write.
 */
export class HttpExchange {
  /** Whether the gate let the request through. While false, no byte has been written. */
  sent = false;
  /** Why it ended early. Once set, the gate stays shut. */
  cause: string | null = null;

  readonly #total: NodeJS.Timeout;
  #phase: NodeJS.Timeout | undefined;
  #request: ClientRequest | undefined;

  constructor(
    private readonly connections: Connections,
    private readonly timeouts: DarajaHttpOptions,
    private readonly mayStillSend: () => boolean,
  ) {
    this.#total = setTimeout(() => {
      this.end('total-timeout');
    }, timeouts.totalTimeoutMs);
  }

  /** Makes the request: once, whatever may be plugged into axios. */
  readonly open = (
    options: RequestOptions,
    onAnswer: (answer: IncomingMessage) => void,
  ): ClientRequest => {
    if (this.#request || this.cause !== null) throw new Error('This exchange is over');
    const { request } = options.protocol === 'https:' ? https : http;
    this.#request = request(options, onAnswer);
    this.#request.once('socket', (socket) => {
      this.pass(socket);
    });
    return this.#request;
  };

  /** Ends the exchange; the first cause given is kept. */
  end(cause: string): string {
    this.cause ??= cause;
    this.#request?.destroy();
    return this.cause;
  }

  /** Stops the clocks. */
  close(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#phase);
  }

  /**
   * The gate. Node calls it with a connection that stands, and writes the queued request as soon as
   * it returns, unless the request is destroyed by then.
   */
  private pass(socket: Socket): void {
    const refusal = this.refusal(socket);
    if (refusal !== null) {
      this.end(refusal);
      return;
    }
    this.sent = true;
    this.startPhase('headers-timeout', this.timeouts.headersTimeoutMs);
    this.#request?.once('response', (answer) => {
      this.startPhase('body-timeout', this.timeouts.bodyTimeoutMs);
      answer.once('end', () => {
        this.connections.used(socket);
      });
    });
  }

  private refusal(socket: Socket): string | null {
    if (this.cause !== null) return this.cause;
    if (!this.connections.isFresh(socket)) return 'stale-connection';
    return this.mayStillSend() ? null : 'send-window-closed';
  }

  private startPhase(cause: string, ms: number): void {
    clearTimeout(this.#phase);
    this.#phase = setTimeout(() => {
      this.end(cause);
    }, ms);
  }
}
