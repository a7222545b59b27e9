import { Client, type Dispatcher, type buildConnector } from 'undici';
import { type Connections, type Line, MAX_IDLE_MS } from './connections.js';
import type { HttpExchange } from './http-exchange.js';

/** A request, and the exchange that is to know by which connection it goes. */
export interface DarajaDispatch extends Dispatcher.DispatchOptions {
  exchange: HttpExchange;
}

/** One connection to Daraja, with one request at a time. */
export class DarajaConnection extends Client {
  readonly #line: Line;

  constructor(
    origin: URL,
    connect: buildConnector.connector,
    private readonly connections: Connections,
  ) {
    const line: Line = { socket: null };
    super(origin, {
      connect: (options, callback) => {
        connect(options, (...[error, socket]) => {
          if (error) {
            callback(error, null);
            return;
          }
          line.socket = socket;
          connections.used(socket);
          callback(null, socket);
        });
      },
      pipelining: 1,
      keepAliveTimeout: MAX_IDLE_MS,
      keepAliveMaxTimeout: MAX_IDLE_MS,
      // The exchange has its own, which tell what struck.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#line = line;
  }

  /** Asked by the pool, which asks only a connection that has nothing to do. */
  override dispatch(request: DarajaDispatch, handler: Dispatcher.DispatchHandler): boolean {
    const { socket } = this.#line;
    // Another is opened in its place, and the request waits for that.
    if (socket && !this.connections.isFresh(socket)) socket.destroy();
    request.exchange.goesBy(this.#line);
    return super.dispatch(request, handler);
  }
}
