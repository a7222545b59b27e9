import http from 'node:http';
import type { ClientRequestArgs } from 'node:http';
import https from 'node:https';
import type { RequestOptions } from 'node:https';
import { MAX_IDLE_MS } from './connections.js';
import type { Connections, OnConnection } from './connections.js';

// Closes what lies idle in a pool. A request in flight has its own time-outs.
const KEEP_ALIVE = { keepAlive: true, timeout: MAX_IDLE_MS };

class PlainAgent extends http.Agent {
  constructor(private readonly connections: Connections) {
    super(KEEP_ALIVE);
  }

  override createConnection(options: ClientRequestArgs, onConnection: OnConnection): undefined {
    const socket = super.createConnection(options);
    if (socket) this.connections.open(socket, 'connect', onConnection);
  }
}

class TlsAgent extends https.Agent {
  constructor(private readonly connections: Connections) {
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not reach payments.
    super({ ...KEEP_ALIVE, rejectUnauthorized: true });
  }

  override createConnection(options: RequestOptions, onConnection: OnConnection): undefined {
    const socket = super.createConnection(options);
    if (socket) this.connections.open(socket, 'secureConnect', onConnection);
  }
}

/** Keep-alive pools that give a request only a connection that stands. */
export class DarajaAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;

  constructor(private readonly connections: Connections) {
    this.http = new PlainAgent(connections);
    this.https = new TlsAgent(connections);
  }

  /** Closes the pooled connections that have been idle for too long to be trusted. */
  closeStale(): void {
    for (const sockets of this.pools()) {
      for (const socket of sockets) {
        // A pool has the one that was used last at its end.
        if (this.connections.isFresh(socket)) break;
        socket.destroy();
      }
    }
  }

  /** Closes all pooled connections; those in use run on. */
  closeIdle(): void {
    for (const sockets of this.pools()) {
      for (const socket of sockets) socket.destroy();
    }
  }

  private pools() {
    return [this.http, this.https]
      .flatMap((agent) => Object.values(agent.freeSockets))
      .map((sockets) => sockets ?? []);
  }
}
