import type { ConnectionOptions } from 'node:tls';
import { Agent, Pool, buildConnector } from 'undici';
import type { Connections } from './connections.js';
import { DarajaConnection } from './daraja-connection.js';

/**
 * A pool of connections for each host. A request that finds none idle opens one, and is written when
 * that stands, TLS included.
 */
export function darajaDispatcher(
  connections: Connections,
  connectTimeoutMs: number,
  tls: ConnectionOptions = {},
): Agent {
  const connect = buildConnector({
    ...tls,
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not reach payments.
    rejectUnauthorized: true,
    timeout: connectTimeoutMs,
  });
  return new Agent({
    factory: (origin) =>
      new Pool(origin, { factory: (host) => new DarajaConnection(host, connect, connections) }),
  });
}
