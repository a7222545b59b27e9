import { readFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Agent } from 'undici';
import { Connections } from '../../../lib/daraja/connections.js';
import { darajaDispatcher } from '../../../lib/daraja/daraja-dispatcher.js';
import { HttpExchange } from '../../../lib/daraja/http-exchange.js';
import { FakeClock } from '../../support/fake-clock.js';
import { runWithEnv } from '../../support/run-with-env.js';
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
  let handshakes: number;
  let server: https.Server;
  let connections: Connections;
  let exchanges: HttpExchange[];
  let dispatchers: Agent[];

  beforeEach(async () => {
    seen = [];
    handshakes = 0;
    exchanges = [];
    dispatchers = [];
    server = https.createServer({ cert, key }, (request, response) => {
      seen.push(request.url ?? '');
      response.end('{}');
    });
    server.on('secureConnection', () => {
      handshakes += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    connections = new Connections(new FakeClock());
  });

  afterEach(async () => {
    for (const exchange of exchanges) exchange.close();
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
    server.close();
    server.closeAllConnections();
    closeServers();
  });

  const port = () => (server.address() as AddressInfo).port;

  function dispatcher(ca?: Buffer): Agent {
    const made = darajaDispatcher(connections, TIMEOUTS.connectTimeoutMs, { ca });
    dispatchers.push(made);
    return made;
  }

  function exchange(mayStillSend = (): boolean => true): HttpExchange {
    const made = new HttpExchange(connections, TIMEOUTS, mayStillSend);
    exchanges.push(made);
    return made;
  }

  const request = (at = port()) =>
    ({ origin: `https://127.0.0.1:${String(at)}`, path: '/x', method: 'GET' }) as const;

  it('writes to a connection whose handshake is done, and keeps it for the next', async () => {
    const pool = dispatcher(cert);
    for (let round = 0; round < 2; round += 1) {
      const { status, body } = await exchange().open(pool, request());
      expect([status, body.toString()]).toEqual([200, '{}']);
      // A connection is given back one turn after its answer.
      await setImmediate();
    }
    expect(exchanges.map(({ sent }) => sent)).toEqual([true, true]);
    expect(handshakes).toBe(1);
    expect(seen).toEqual(['/x', '/x']);
  });

  it('refuses a certificate that nobody vouches for, also where the environment would not', async () => {
    const program = `
      import { SystemClock } from './lib/attempts/clock.js';
      import { Connections } from './lib/daraja/connections.js';
      import { darajaDispatcher } from './lib/daraja/daraja-dispatcher.js';
      import { HttpExchange } from './lib/daraja/http-exchange.js';
      const connections = new Connections(new SystemClock());
      const exchange = new HttpExchange(connections, ${JSON.stringify(TIMEOUTS)}, () => true);
      exchange
        .open(darajaDispatcher(connections, 30_000), ${JSON.stringify(request())})
        .then(() => 'answered', ({ code }) => code)
        .then((outcome) => {
          exchange.close();
          console.log(outcome, exchange.sent);
        });
    `;
    expect(await runWithEnv(program, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toBe(
      'DEPTH_ZERO_SELF_SIGNED_CERT false',
    );
    expect(seen).toEqual([]);
  });

  describe('of which somebody in between holds the handshake back', () => {
    let client: Promise<Socket>;
    let at: number;
    let upstream: Socket;

    beforeEach(async () => {
      let onClient: (socket: Socket) => void = () => undefined;
      client = new Promise<Socket>((resolve) => (onClient = resolve));
      const middle = await rawServer((socket) => {
        socket.pause();
        onClient(socket);
      });
      at = middle.port;
    });

    afterEach(() => upstream.destroy());

    async function letThrough(): Promise<void> {
      const socket = await client;
      upstream = net.connect(port(), '127.0.0.1');
      upstream.on('error', () => undefined);
      socket.pipe(upstream).pipe(socket);
    }

    it('asks the gate afterwards, not before', async () => {
      let open = true;
      let asked = 0;
      const late = exchange(() => {
        asked += 1;
        return open;
      });
      const answer = late.open(dispatcher(cert), request(at));
      await client;
      expect(asked).toBe(0);
      open = false;
      await letThrough();
      await expect(answer).rejects.toThrow('send-window-closed');
      expect(asked).toBe(1);
      expect(late).toMatchObject({ sent: false, cause: 'send-window-closed' });
      expect(seen).toEqual([]);
    });

    it('lets nothing through that was given up meanwhile', async () => {
      let asked = 0;
      const late = exchange(() => {
        asked += 1;
        return true;
      });
      const answer = late.open(dispatcher(cert), request(at));
      const closed = once(await client, 'close');
      late.end('aborted');
      await expect(answer).rejects.toThrow('aborted');
      await letThrough();
      await closed;
      expect(asked).toBe(0);
      expect(late).toMatchObject({ sent: false, cause: 'aborted' });
      expect(seen).toEqual([]);
    });
  });
});

describe('a request that the pool would repeat', () => {
  it('is written once, and its outcome is what the first time left', async () => {
    const connections = new Connections(new FakeClock());
    const socket = new net.Socket();
    connections.used(socket);
    let asked = 0;
    const exchange = new HttpExchange(connections, TIMEOUTS, () => {
      asked += 1;
      return true;
    });
    const aborted: unknown[] = [];
    const controller = {
      aborted: false,
      paused: false,
      reason: null,
      abort: (reason: unknown) => aborted.push(reason),
      pause: () => undefined,
      resume: () => undefined,
    };
    exchange.goesBy({ socket });
    exchange.onRequestStart(controller);
    expect(aborted).toEqual([]);
    exchange.onRequestStart(controller);
    exchange.close();
    expect(aborted).toHaveLength(1);
    expect(asked).toBe(1);
    expect(exchange).toMatchObject({ sent: true, cause: 'connection-reset' });
  });
});
