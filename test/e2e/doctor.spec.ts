import { jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer, request, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Finding } from '../../lib/cli/doctor/finding.js';
import { EMULATOR_ACCOUNT } from '../../lib/testing.js';
import { CliProgram } from '../support/cli-program.js';
import { commandLine, type Ended } from '../support/command-line.js';
import { freePort } from '../support/free-port.js';

// Processes and applications are started: a busy machine takes its time.
jest.setTimeout(30_000);

const before = { ...process.env };
const key = readFileSync('test/fixtures/tls/localhost.key');
const AUTHORITY = 'test/fixtures/tls/localhost.crt';
const EXPIRED = 'test/fixtures/tls/expired.crt';
const OTHER_HOST = 'test/fixtures/tls/other-host.crt';
const servers: Server[] = [];

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** Whatever it is asked, it has a token. */
const daraja = (headers: Record<string, string> = {}): RequestListener => {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end('{"access_token":"a-token","expires_in":"3599"}');
  };
};

const overTls = (certificate: string) =>
  listening(createTlsServer({ cert: readFileSync(certificate), key }, daraja()));

function reading({ out, code }: Ended) {
  const { findings } = JSON.parse(out) as { findings: Finding[] };
  const of = (check: string) => findings.filter((finding) => finding.check === check);
  return { code, of };
}
const doctor = async (...args: string[]) =>
  reading(await commandLine(['doctor', '--json', ...args]));

beforeEach(async () => {
  Object.assign(process.env, {
    MPESA_ENVIRONMENT: 'sandbox',
    MPESA_BASE_URL: `http://127.0.0.1:${await listening(createServer(daraja()))}`,
    MPESA_CONSUMER_KEY: EMULATOR_ACCOUNT.consumerKey,
    MPESA_CONSUMER_SECRET: EMULATOR_ACCOUNT.consumerSecret,
    MPESA_SHORT_CODE: EMULATOR_ACCOUNT.shortCode,
    MPESA_PASS_KEY: EMULATOR_ACCOUNT.passKey,
    MPESA_CALLBACK_URL: 'http://127.0.0.1:1/stk/callback',
  });
});

afterEach(() => {
  process.env = { ...before };
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

describe('the certificate of Daraja', () => {
  let program: CliProgram;
  beforeAll(async () => {
    program = await CliProgram.build();
  });
  afterAll(() => program.remove());

  it('that nobody vouches for: says how Node is told of an authority, and that works', async () => {
    const MPESA_BASE_URL = `https://127.0.0.1:${await overTls(AUTHORITY)}`;
    process.env.MPESA_BASE_URL = MPESA_BASE_URL;
    const { code, of } = await doctor();
    expect(of('tls')).toMatchObject([
      { level: 'fail', what: expect.stringContaining('self-signed') },
    ]);
    expect(of('tls')[0]!.todo).toContain('NODE_EXTRA_CA_CERTS');
    // It would be sent nothing: no secret goes to whom nobody knows.
    expect(of('token')).toEqual([]);
    expect(code).toBe(1);

    const advised = { MPESA_BASE_URL, NODE_EXTRA_CA_CERTS: AUTHORITY };
    const then = reading(await program.run(['doctor', '--json'], advised));
    expect([...then.of('tls'), ...then.of('clock')]).toMatchObject([
      { level: 'ok' },
      { level: 'ok' },
    ]);
  });

  it('that is too old: says to look at the clock, and who is to renew it', async () => {
    const environment = {
      MPESA_BASE_URL: `https://127.0.0.1:${await overTls(EXPIRED)}`,
      NODE_EXTRA_CA_CERTS: EXPIRED,
    };
    const { code, of } = reading(await program.run(['doctor', '--json'], environment));
    expect(of('tls')).toMatchObject([{ level: 'fail', what: expect.stringContaining('expired') }]);
    expect(of('tls')[0]!.todo).toMatch(/clock.*renew/);
    expect(code).toBe(1);
  });

  it('of another host: says to look at baseUrl', async () => {
    const environment = {
      MPESA_BASE_URL: `https://127.0.0.1:${await overTls(OTHER_HOST)}`,
      NODE_EXTRA_CA_CERTS: OTHER_HOST,
    };
    const { of } = reading(await program.run(['doctor', '--json'], environment));
    expect(of('tls')).toMatchObject([
      { level: 'fail', todo: expect.stringMatching(/of another host.*baseUrl/) },
    ]);
  });

  it('that there is none of: says to look at the way out', async () => {
    process.env.MPESA_BASE_URL = `https://127.0.0.1:${await freePort()}`;
    const { of } = await doctor();
    expect(of('tls')).toMatchObject([
      {
        level: 'fail',
        what: expect.stringContaining('ECONNREFUSED'),
        todo: expect.stringContaining('firewall'),
      },
    ]);
  });
});

it('a callback URL whose certificate nobody trusts: says so, and not to start the application', async () => {
  process.env.MPESA_CALLBACK_URL = `https://127.0.0.1:${await overTls(AUTHORITY)}/stk/callback`;
  const { of } = await doctor();
  expect(of('callback-route')).toMatchObject([
    { level: 'fail', todo: expect.stringContaining('public authority') },
  ]);
});

describe('the clock', () => {
  const MINUTE = 60_000;

  it.each([
    ['ahead of', -7 * MINUTE],
    ['behind', 7 * MINUTE],
  ])('that is %s that of Daraja is told with its seconds', async (word, shift) => {
    const date = new Date(Date.now() + shift).toUTCString();
    const port = await listening(createServer(daraja({ date })));
    process.env.MPESA_BASE_URL = `http://127.0.0.1:${port}`;
    const { of } = await doctor();
    const [{ level, what, todo }] = of('clock') as [Finding];
    const [, seconds] = new RegExp(`^is (\\d+) s ${word} that of Daraja$`).exec(what) ?? [];
    expect(Math.abs(Number(seconds) - 420)).toBeLessThan(30);
    expect([level, todo]).toEqual(['warn', expect.stringContaining('NTP')]);
  });

  it('is not compared where Daraja tells no time', async () => {
    const port = await listening(createServer(daraja({ date: 'today' })));
    process.env.MPESA_BASE_URL = `http://127.0.0.1:${port}`;
    expect((await doctor()).of('clock')).toMatchObject([
      { level: 'warn', what: 'not compared: Daraja told no time' },
    ]);
  });

  it('that is right is no matter', async () => {
    expect((await doctor()).of('clock')).toMatchObject([{ level: 'ok', todo: null }]);
  });
});

describe('doctor --listen', () => {
  /** A proxy before the application, which makes of path, body and headers what it likes. */
  async function proxied(
    change: {
      path?: (path: string) => string;
      body?: (body: string) => string;
      headers?: Record<string, string>;
    } = {},
  ) {
    const port = await freePort();
    const proxy = createServer((incoming, outgoing) => {
      let body = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => (body += chunk));
      incoming.once('end', () => {
        const sent = change.body?.(body) ?? body;
        const path = change.path?.(incoming.url!) ?? incoming.url;
        const at = { port, host: '127.0.0.1', path, method: 'POST', headers: change.headers ?? {} };
        const passed = request(at, (answer) => answer.pipe(outgoing));
        passed.once('error', () => outgoing.writeHead(502).end());
        passed.end(sent);
      });
    });
    process.env.MPESA_CALLBACK_URL = `http://127.0.0.1:${await listening(proxy)}/stk/callback`;
    return doctor('--listen', String(port));
  }

  it('is content with a proxy that passes all on, and says whom to trust', async () => {
    const { code, of } = await proxied({ headers: { 'x-forwarded-for': '196.201.214.200' } });
    expect(of('proxy-path')).toMatchObject([
      { level: 'ok', what: '/stk/callback arrives as it was sent' },
    ]);
    expect(of('proxy-body')).toMatchObject([{ level: 'ok' }]);
    expect(of('proxy-address')).toMatchObject([
      { level: 'ok', what: expect.stringContaining('127.0.0.1 asks for 196.201.214.200') },
    ]);
    expect(of('callback-route')).toEqual([]);
    expect(code).toBe(0);
  });

  it('says where the route must be mounted for a proxy that changes the path', async () => {
    const { of } = await proxied({ path: (path) => path.replace('/stk', '/api/v1/stk') });
    expect(of('proxy-path')).toMatchObject([
      {
        level: 'warn',
        what: '/stk/callback arrives as /api/v1/stk/callback',
        todo: expect.stringContaining('must be /api/v1/stk/callback'),
      },
    ]);
  });

  it('fails for a proxy that changes the body', async () => {
    const { code, of } = await proxied({ body: (body) => body.replace('{', '{ ') });
    expect(of('proxy-body')).toMatchObject([{ level: 'fail', todo: expect.any(String) }]);
    expect(code).toBe(1);
  });

  it('fails where nothing arrives, with what the proxy answered', async () => {
    const answer = createServer((_request, response) => response.writeHead(403).end());
    process.env.MPESA_CALLBACK_URL = `http://127.0.0.1:${await listening(answer)}/stk/callback`;
    const port = await freePort();
    const { code, of } = await doctor('--listen', String(port));
    expect(of('proxy-path')).toMatchObject([
      { level: 'fail', what: `nothing arrived on port ${port}: the proxy answered 403` },
    ]);
    expect(code).toBe(1);
  });

  it('fails where there is no proxy either', async () => {
    process.env.MPESA_CALLBACK_URL = `http://127.0.0.1:${await freePort()}/stk/callback`;
    const { of } = await doctor('--listen', String(await freePort()));
    expect(of('proxy-path')).toMatchObject([
      { level: 'fail', what: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  it('says to stop the application where that still has the port, and what else was found', async () => {
    const port = await listening(createServer());
    const { code, of } = await doctor('--listen', String(port));
    expect(of('proxy-path')).toMatchObject([
      {
        level: 'fail',
        what: expect.stringContaining('EADDRINUSE'),
        todo: expect.stringContaining('Stop'),
      },
    ]);
    expect(of('token')).toMatchObject([{ level: 'ok' }]);
    expect(code).toBe(1);
  });
});
