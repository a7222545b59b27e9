import Axios from 'axios';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { HttpCall } from '../../../lib/daraja/daraja-http.js';
import type { HttpResult } from '../../../lib/daraja/http-result.js';
import { FakeClock } from '../../support/fake-clock.js';
import { until } from '../../support/until.js';
import {
  SECRETS,
  LeapingClock,
  closeServers,
  darajaHttp,
  fakeDaraja,
  rawServer,
} from './support.js';

const push = (url: string, control: Partial<HttpCall> = {}): HttpCall => ({
  endpoint: 'push',
  method: 'POST',
  url: `${url}/mpesa/stkpush/v1/processrequest`,
  headers: { Authorization: `Bearer ${SECRETS.token}`, 'Content-Type': 'application/json' },
  body: JSON.stringify({ Password: SECRETS.passKey }),
  ...control,
});

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const ignore = (): undefined => undefined;

afterEach(closeServers);

describe('what was not sent', () => {
  it('is what no server listened to', async () => {
    const server = await rawServer(ignore);
    closeServers();
    expect(await darajaHttp().send(push(server.url))).toEqual({
      kind: 'failure',
      sent: false,
      cause: 'connection-refused',
    });
  });

  it('is what has no address', async () => {
    expect(await darajaHttp().send(push('http://daraja.invalid'))).toEqual({
      kind: 'failure',
      sent: false,
      cause: 'dns',
    });
  });

  it('is what a broken TLS handshake kept back', async () => {
    const server = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const result = await darajaHttp().send(push(server.url.replace('http:', 'https:')));
    expect(result).toEqual({ kind: 'failure', sent: false, cause: 'tls' });
    expect(server.received.join('')).not.toContain('POST');
  });

  it('is what found no connection in time, and the connection is given up', async () => {
    let closed = false;
    const server = await rawServer((socket) => {
      socket.once('close', () => {
        closed = true;
      });
    });
    // The pool's own time-out comes as much as a second later.
    const result = await darajaHttp({ connectTimeoutMs: 50, totalTimeoutMs: 400 }).send(
      push(server.url.replace('http:', 'https:')),
    );
    expect(result).toEqual({ kind: 'failure', sent: false, cause: 'connect-timeout' });
    expect(server.received.join('')).not.toContain('POST');
    await until(() => closed, 4_000);
  });

  it('is what was aborted before', async () => {
    const server = await rawServer(ignore);
    const result = await darajaHttp().send(push(server.url, { signal: AbortSignal.abort() }));
    expect(result).toEqual({ kind: 'failure', sent: false, cause: 'aborted' });
    expect(server.received).toEqual([]);
  });

  it('is what was aborted while it connected, and stays so when the connection comes about', async () => {
    const server = await rawServer((socket) => {
      socket.once('data', () => socket.end(`${HEAD}Content-Length: 2\r\n\r\n{}`));
    });
    const caller = new AbortController();
    const sending = darajaHttp().send(push(server.url, { signal: caller.signal }));
    caller.abort();
    expect(await sending).toEqual({ kind: 'failure', sent: false, cause: 'aborted' });
    // A later request on a connection of its own shows that the first has had its time.
    expect(await darajaHttp().send(push(server.url))).toMatchObject({ kind: 'answer' });
    expect(server.received.filter((bytes) => bytes !== '')).toHaveLength(1);
  });

  it('never claims that of a request of which the server has seen a byte', async () => {
    // Reset at once: whether the request was written is a matter of luck.
    const server = await rawServer((socket) => socket.resetAndDestroy());
    for (let round = 0; round < 50; round += 1) {
      const before = server.received.length;
      const result = await darajaHttp().send(push(server.url));
      expect(result).toMatchObject({ kind: 'failure', cause: 'connection-reset' });
      const seen = server.received.slice(before).join('');
      if (seen !== '') expect(result).toMatchObject({ sent: true });
    }
  });
});

describe('the gate', () => {
  it('asks once, with the connection up and nothing written', async () => {
    const server = await rawServer((socket) => {
      socket.once('data', () => socket.end(`${HEAD}Content-Length: 2\r\n\r\n{}`));
    });
    const seen: string[][] = [];
    const mayStillSend = (): boolean => {
      seen.push([...server.received]);
      return true;
    };
    const result = await darajaHttp().send(push(server.url, { mayStillSend }));
    expect(result).toMatchObject({ kind: 'answer', status: 200 });
    expect(seen.map((received) => received.join(''))).toEqual(['']);
  });

  it('keeps back what may no longer be sent', async () => {
    const server = await rawServer(ignore);
    const result = await darajaHttp().send(push(server.url, { mayStillSend: () => false }));
    expect(result).toEqual({ kind: 'failure', sent: false, cause: 'send-window-closed' });
    expect(server.received.join('')).toBe('');
  });

  it('keeps back what a stopped process comes back to', async () => {
    const server = await rawServer(ignore);
    const clock = new LeapingClock();
    const deadline = clock.now() + 5_000;
    const sending = darajaHttp({}, clock).send(
      push(server.url, { mayStillSend: () => clock.now() < deadline }),
    );
    clock.leap(600_000);
    expect(await sending).toMatchObject({ sent: false, cause: 'send-window-closed' });
    expect(server.received.join('')).toBe('');
  });

  it('lets one request through, whatever is plugged into axios', async () => {
    const server = await fakeDaraja(() => ({ body: {} }));
    const axios = Axios.create();
    axios.interceptors.response.use((response) => axios.request(response.config));
    const result = await darajaHttp({}, undefined, axios).send(push(server.url));
    expect(result).toMatchObject({ kind: 'failure', sent: true });
    expect(server.requests).toHaveLength(1);
  });
});

describe('what may have been sent', () => {
  const cases: [string, Parameters<typeof rawServer>[0], string][] = [
    [
      'reset after the request',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      'connection-reset',
    ],
    [
      'closed without an answer',
      (socket) => socket.once('data', () => socket.end()),
      'connection-reset',
    ],
    [
      'reset in the middle of the headers',
      (socket) =>
        socket.once('data', () =>
          socket.write('HTTP/1.1 200 OK\r\nConte', () => socket.resetAndDestroy()),
        ),
      'connection-reset',
    ],
    [
      'cut in the middle of the body',
      (socket) => socket.once('data', () => socket.end(`${HEAD}Content-Length: 99\r\n\r\n{"a":`)),
      'connection-reset',
    ],
    [
      'no HTTP at all',
      (socket) => socket.once('data', () => socket.end('220 smtp ready\r\n')),
      'invalid-http',
    ],
    [
      'cut in the middle of a body after which it would have closed',
      (socket) =>
        socket.once('data', () =>
          socket.end(`${HEAD}Connection: close\r\nContent-Length: 99\r\n\r\n{"a":`),
        ),
      'connection-reset',
    ],
    [
      'headers without an end',
      (socket) => socket.once('data', () => socket.write(`${HEAD}X: ${'x'.repeat(64 * 1024)}`)),
      'invalid-http',
    ],
    [
      'permission to go on, for which nobody asked',
      (socket) => socket.once('data', () => socket.write('HTTP/1.1 100 Continue\r\n\r\n')),
      'connection-reset',
    ],
    [
      'more than 64 KiB',
      (socket) =>
        socket.once('data', () => socket.write(`${HEAD}\r\n${'x'.repeat(64 * 1024 + 1)}`)),
      'response-too-large',
    ],
    [
      'an endless body in small pieces',
      (socket) =>
        socket.once('data', () => {
          socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
          const write = (): void => {
            if (socket.writable) socket.write(`400\r\n${'x'.repeat(1024)}\r\n`, write);
          };
          write();
        }),
      'response-too-large',
    ],
  ];

  it.each(cases)('%s', async (_name, onConnection, cause) => {
    const server = await rawServer(onConnection);
    const result = await darajaHttp().send(push(server.url));
    expect(result).toEqual({ kind: 'failure', sent: true, cause });
  });

  it('no answer in time', async () => {
    const server = await rawServer(ignore);
    const result = await darajaHttp({ headersTimeoutMs: 50 }).send(push(server.url));
    expect(result).toEqual({ kind: 'failure', sent: true, cause: 'headers-timeout' });
  });

  it('a body that stalls', async () => {
    const server = await rawServer((socket) => {
      socket.once('data', () => socket.write(`${HEAD}Content-Length: 99\r\n\r\n{"a":`));
    });
    const result = await darajaHttp({ bodyTimeoutMs: 50 }).send(push(server.url));
    expect(result).toEqual({ kind: 'failure', sent: true, cause: 'body-timeout' });
  });

  it('headers that come and come', async () => {
    const server = await rawServer((socket) => {
      socket.once('data', () => {
        const again = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 5);
        socket.once('close', () => {
          clearInterval(again);
        });
      });
    });
    const result = await darajaHttp({ headersTimeoutMs: 100 }).send(push(server.url));
    expect(result).toMatchObject({ sent: true, cause: 'headers-timeout' });
  });

  it('a call that is over its total', async () => {
    const server = await rawServer(ignore);
    const result = await darajaHttp({ totalTimeoutMs: 50 }).send(push(server.url));
    expect(result).toMatchObject({ kind: 'failure', cause: 'total-timeout' });
  });

  it('a call that is aborted once it is out', async () => {
    const caller = new AbortController();
    const server = await rawServer((socket) => {
      socket.once('data', () => {
        caller.abort();
      });
    });
    const result = await darajaHttp().send(push(server.url, { signal: caller.signal }));
    expect(result).toEqual({ kind: 'failure', sent: true, cause: 'aborted' });
  });

  it.each<[string, Parameters<typeof rawServer>[0] | null]>([
    ...cases.map(([name, onConnection]) => [name, onConnection] as [string, typeof onConnection]),
    ['refused', null],
  ])('tells no secret: %s', async (_name, onConnection) => {
    const server = await rawServer(onConnection ?? ignore);
    if (!onConnection) closeServers();
    const result = await darajaHttp().send(push(server.url));
    const told = inspect(result, { depth: null, showHidden: true });
    for (const secret of Object.values(SECRETS)) expect(told).not.toContain(secret);
  });
});

describe('an answer', () => {
  it('of any status is handed over with its text as it is', async () => {
    const server = await fakeDaraja(() => ({
      status: 503,
      headers: { 'content-type': 'text/html', 'retry-after': '12' },
      body: '<html>Bad Gateway</html>',
    }));
    expect(await darajaHttp().send(push(server.url))).toEqual({
      kind: 'answer',
      status: 503,
      retryAfter: '12',
      text: '<html>Bad Gateway</html>',
    });
  });

  it('of exactly 64 KiB is read', async () => {
    const server = await fakeDaraja(() => ({ body: 'x'.repeat(64 * 1024) }));
    expect(await darajaHttp().send(push(server.url))).toMatchObject({ kind: 'answer' });
  });

  it('is read after what comes before it', async () => {
    const server = await rawServer((socket) => {
      socket.once('data', () => {
        socket.end(`HTTP/1.1 102 Processing\r\n\r\n${HEAD}Content-Length: 2\r\n\r\n{}`);
      });
    });
    expect(await darajaHttp().send(push(server.url))).toMatchObject({ status: 200, text: '{}' });
  });

  it('that redirects is not followed', async () => {
    const server = await fakeDaraja(() => ({ status: 307, headers: { location: '/elsewhere' } }));
    expect(await darajaHttp().send(push(server.url))).toMatchObject({
      kind: 'answer',
      status: 307,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('comes from Daraja itself, whatever the application did to axios and the environment', async () => {
    const proxy = await rawServer(ignore);
    const server = await fakeDaraja(() => ({
      status: 302,
      headers: { location: '/x' },
      body: 'ok',
    }));
    const axios = Axios.create({
      adapter: 'fetch',
      maxRedirects: 5,
      timeout: 1,
      proxy: { host: '127.0.0.1', port: proxy.port },
      validateStatus: (status) => status === 200,
      transformRequest: () => 'replaced',
      transformResponse: () => 'replaced',
    });
    const before = process.env.http_proxy;
    process.env.http_proxy = proxy.url;
    let result: HttpResult;
    try {
      result = await darajaHttp({}, undefined, axios).send(push(server.url));
    } finally {
      if (before === undefined) delete process.env.http_proxy;
      else process.env.http_proxy = before;
    }
    expect(result).toMatchObject({ kind: 'answer', status: 302, text: 'ok' });
    expect(server.requests[0]?.body).toBe(push('').body);
    expect(proxy.received).toEqual([]);
  });
});

describe('a compressed answer, for which nobody asked', () => {
  const answering =
    (encoding: string, body: Buffer, cut = 0): Parameters<typeof rawServer>[0] =>
    (socket) =>
      socket.once('data', () => {
        socket.write(
          `${HEAD}Content-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`,
        );
        socket.end(body.subarray(0, body.length - cut));
      });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is read: %s', async (encoding, compress) => {
    const server = await rawServer(answering(encoding, compress('{"a":1}')));
    expect(await darajaHttp().send(push(server.url))).toMatchObject({
      kind: 'answer',
      text: '{"a":1}',
    });
  });

  it('may not be longer than any other', async () => {
    const server = await rawServer(answering('gzip', gzipSync(Buffer.alloc(10_000_000))));
    expect(await darajaHttp().send(push(server.url))).toEqual({
      kind: 'failure',
      sent: true,
      cause: 'response-too-large',
    });
  });

  it('is no answer where it is cut', async () => {
    const server = await rawServer(answering('gzip', gzipSync('{"a":1}'), 9));
    expect(await darajaHttp().send(push(server.url))).toEqual({
      kind: 'failure',
      sent: true,
      cause: 'connection-reset',
    });
  });

  it('is no answer where it is none', async () => {
    const server = await rawServer(answering('gzip', Buffer.from('{"a":1}')));
    expect(await darajaHttp().send(push(server.url))).toMatchObject({
      kind: 'failure',
      sent: true,
    });
  });
});

describe('interceptors of axios', () => {
  it('see the request and the answer, and may add to them', async () => {
    const server = await fakeDaraja(() => ({
      status: 503,
      headers: { 'retry-after': '12' },
      body: '{"a":1}',
    }));
    const axios = Axios.create();
    const seen: unknown[] = [];
    axios.interceptors.request.use((config) => {
      config.headers.set('X-Trace', 'abc');
      return config;
    });
    axios.interceptors.response.use((response) => {
      seen.push(response.status, response.headers['retry-after'], response.data);
      return response;
    });
    await darajaHttp({}, undefined, axios).send(push(server.url));
    expect(server.requests[0]?.headers['x-trace']).toBe('abc');
    expect(seen).toEqual([503, '12', '{"a":1}']);
  });

  it('see why there was no answer, with the code of the system', async () => {
    const server = await rawServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const axios = Axios.create();
    const seen: unknown[] = [];
    axios.interceptors.response.use(undefined, (error: unknown) => {
      seen.push(Axios.isAxiosError(error) && error.code);
      throw error;
    });
    await darajaHttp({}, undefined, axios).send(push(server.url));
    expect(seen).toEqual(['ECONNRESET']);
  });
});

describe('a connection', () => {
  it('is used again at once, but not after four seconds of quiet', async () => {
    const server = await fakeDaraja(() => ({ body: {} }));
    const clock = new FakeClock();
    const http = darajaHttp({}, clock);
    await http.send(push(server.url));
    await clock.advance(4_000);
    await http.send(push(server.url));
    expect(server.connections()).toBe(1);
    await clock.advance(4_001);
    expect(await http.send(push(server.url))).toMatchObject({ kind: 'answer' });
    expect(server.connections()).toBe(2);
    expect(server.requests).toHaveLength(3);
  });

  it('is not written to when the process was stopped between taking it and writing', async () => {
    const server = await fakeDaraja(() => ({ body: {} }));
    const clock = new LeapingClock();
    const http = darajaHttp({}, clock);
    await http.send(push(server.url));
    await setImmediate();
    // The connection is taken by then.
    const leap = (): void => {
      clock.leap(60_000);
    };
    subscribe('undici:request:create', leap);
    try {
      expect(await http.send(push(server.url))).toEqual({
        kind: 'failure',
        sent: false,
        cause: 'stale-connection',
      });
    } finally {
      unsubscribe('undici:request:create', leap);
    }
    expect(await http.send(push(server.url))).toMatchObject({ kind: 'answer' });
    expect(server.requests).toHaveLength(2);
  });

  it('is as good as new after an answer', async () => {
    const server = await fakeDaraja(() => ({ body: {} }));
    const clock = new FakeClock();
    const http = darajaHttp({}, clock);
    for (let round = 0; round < 3; round += 1) {
      await http.send(push(server.url));
      await setImmediate();
      await clock.advance(3_000);
    }
    expect(server.connections()).toBe(1);
  });

  it('that was closed meanwhile is not written to: the request goes by another', async () => {
    const server = await rawServer((socket) => {
      socket.once('data', () => socket.end(`${HEAD}Content-Length: 2\r\n\r\n{}`));
    });
    const http = darajaHttp();
    for (let round = 0; round < 50; round += 1) {
      expect(await http.send(push(server.url))).toMatchObject({ kind: 'answer' });
    }
    expect(server.received).toHaveLength(50);
  });

  it('is used by one request at a time', async () => {
    let release: () => void = ignore;
    const both = new Promise<void>((resolve) => (release = resolve));
    const server = await fakeDaraja(async (_request, index) => {
      if (index === 1) release();
      await both;
      return { body: {} };
    });
    const http = darajaHttp();
    await Promise.all([http.send(push(server.url)), http.send(push(server.url))]);
    expect(server.connections()).toBe(2);
  });

  it('is closed when it has been idle, though the server would keep it', async () => {
    let closed = false;
    const server = await rawServer((socket) => {
      socket.on('close', () => (closed = true));
      socket.on('data', () =>
        socket.write(`${HEAD}Keep-Alive: timeout=60\r\nContent-Length: 2\r\n\r\n{}`),
      );
    });
    expect(await darajaHttp().send(push(server.url))).toMatchObject({ kind: 'answer' });
    await until(() => closed);
  }, 12_000);

  it('is closed with the module, and kept for no one after that', async () => {
    let open = 0;
    const server = await rawServer((socket) => {
      open += 1;
      socket.on('close', () => (open -= 1));
      socket.on('data', () => socket.write(`${HEAD}Content-Length: 2\r\n\r\n{}`));
    });
    const http = darajaHttp({}, new FakeClock());
    await http.send(push(server.url));
    http.onModuleDestroy();
    // Idle ones go after four seconds of themselves.
    await until(() => open === 0, 3_000);
    expect(await http.send(push(server.url))).toMatchObject({ kind: 'answer' });
    expect(server.received).toHaveLength(2);
  });
});
