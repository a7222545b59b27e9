import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Connections } from '../../../lib/daraja/connections.js';
import { DarajaAgents } from '../../../lib/daraja/daraja-agents.js';
import { HttpExchange } from '../../../lib/daraja/http-exchange.js';
import { FakeClock } from '../../support/fake-clock.js';
import { closeServers, rawServer } from './support.js';

const cert = readFileSync('test/fixtures/tls/localhost.crt');
const key = readFileSync('test/fixtures/tls/localhost.key');

const TIMEOUTS = {
  connectTimeoutMs: 30_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 30_000,
  totalTimeoutMs: 30_000,
};

describe('over TLS', () => {
  let seen: string[];
  let server: https.Server;
  let agents: DarajaAgents;
  let connections: Connections;

  beforeEach(async () => {
    seen = [];
    server = https.createServer({ cert, key }, (request, response) => {
      seen.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    connections = new Connections(new FakeClock(), TIMEOUTS.connectTimeoutMs);
    agents = new DarajaAgents(connections);
  });

  afterEach(() => {
    agents.closeIdle();
    server.close();
    server.closeAllConnections();
    closeServers();
  });

  const port = () => (server.address() as AddressInfo).port;

  function start(exchange: HttpExchange, at: number, ca?: Buffer) {
    const request = exchange.open(
      { protocol: 'https:', hostname: '127.0.0.1', port: at, path: '/x', agent: agents.https, ca },
      (answer: IncomingMessage) => answer.resume(),
    );
    const done = new Promise<string>((resolve) => {
      request.once('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code ?? error.message);
      });
      request.once('close', () => {
        resolve('closed');
      });
    });
    request.end();
    return { request, done };
  }

  it('hands over a connection whose handshake is done, and keeps it for the next', async () => {
    const sockets: TLSSocket[] = [];
    for (let round = 0; round < 2; round += 1) {
      const exchange = new HttpExchange(connections, TIMEOUTS, () => true);
      const { request, done } = start(exchange, port(), cert);
      request.once('socket', (socket) => sockets.push(socket as TLSSocket));
      expect(await done).toBe('closed');
      expect(exchange.sent).toBe(true);
      exchange.close();
    }
    expect(sockets[0]?.authorized).toBe(true);
    expect(sockets[1]).toBe(sockets[0]);
    expect(seen).toEqual(['/x', '/x']);
  });

  it('refuses a certificate that nobody vouches for, also where the environment would not', async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    const exchange = new HttpExchange(connections, TIMEOUTS, () => true);
    try {
      expect(await start(exchange, port()).done).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
    expect(exchange.sent).toBe(false);
    expect(seen).toEqual([]);
    exchange.close();
  });

  it('asks the gate after a slow handshake, not before it', async () => {
    // In between stands somebody who holds the handshake back until the send window has closed.
    let onClient: (socket: Socket) => void = () => undefined;
    const client = new Promise<Socket>((resolve) => (onClient = resolve));
    const middle = await rawServer((socket) => {
      socket.pause();
      onClient(socket);
    });
    let open = true;
    let asked = 0;
    const exchange = new HttpExchange(connections, TIMEOUTS, () => {
      asked += 1;
      return open;
    });
    const { done } = start(exchange, middle.port, cert);
    const socket = await client;
    expect(asked).toBe(0);
    open = false;
    const upstream = net.connect(port(), '127.0.0.1');
    upstream.on('error', () => undefined);
    socket.pipe(upstream).pipe(socket);
    await done;
    upstream.destroy();
    expect(asked).toBe(1);
    expect(exchange).toMatchObject({ sent: false, cause: 'send-window-closed' });
    expect(seen).toEqual([]);
    exchange.close();
  });
});
