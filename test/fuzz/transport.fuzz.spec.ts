import type { Socket } from 'node:net';
import fc from 'fast-check';
import type { HttpResult } from '../../lib/daraja/http-result.js';
import { closeServers, darajaHttp, rawServer } from '../unit/daraja/support.js';
import { SEED } from './fuzzing.js';

const REQUESTS = 3_000;
const AT_ONCE = 20;

const answerOf = (id: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${String(id.length)}\r\n\r\n${id}`;

/** What a server does with a request that has come in whole, or in part. */
const FAULTS = {
  none: (socket: Socket, id: string) => socket.write(answerOf(id)),
  'an answer, and closed': (socket: Socket, id: string) => socket.end(answerOf(id)),
  'an answer, and reset': (socket: Socket, id: string) =>
    socket.write(answerOf(id), () => socket.resetAndDestroy()),
  'an answer, and one more': (socket: Socket, id: string) =>
    socket.write(answerOf(id) + answerOf('stray')),
  'an answer in pieces': (socket: Socket, id: string) => {
    const text = answerOf(id);
    socket.write(text.slice(0, 9), () => socket.write(text.slice(9, 40)));
    setImmediate(() => socket.write(text.slice(40)));
  },
  closed: (socket: Socket) => socket.end(),
  reset: (socket: Socket) => socket.resetAndDestroy(),
  'half a head': (socket: Socket) => socket.write('HTTP/1.1 200 O', () => socket.resetAndDestroy()),
  'half a body': (socket: Socket, id: string) => socket.end(answerOf(id).slice(0, -1)),
  'no HTTP': (socket: Socket) => socket.end('220 smtp ready\r\n'),
  silence: () => true,
} as const;

const script = fc.record({
  fault: fc.oneof(
    { weight: 8, arbitrary: fc.constant('none' as const) },
    { weight: 8, arbitrary: fc.constantFrom(...(Object.keys(FAULTS) as (keyof typeof FAULTS)[])) },
  ),
  /** Reset before a byte is read: of the connections, every so many. */
  resetOnAccept: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  abortAfterTurns: fc.option(fc.integer({ min: 0, max: 12 }), { freq: 8 }),
  mayStillSend: fc.integer({ min: 0, max: 19 }).map((n) => n > 0),
});

afterEach(closeServers);

it('never says of a request that it was not sent where a byte of it came, and sends none twice', async () => {
  console.info(`Seed: ${SEED} (MPESA_TEST_SEED), requests: ${REQUESTS}`);
  const scripts = fc.sample(script, { seed: SEED, numRuns: REQUESTS });
  const server = await rawServer((socket, index) => {
    if (scripts[index % REQUESTS]?.resetOnAccept) {
      socket.resetAndDestroy();
      return;
    }
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('|end'); end !== -1; end = text.indexOf('|end')) {
        const id = /POST \/(r\d+) /.exec(text.slice(0, end))?.[1] ?? '';
        text = text.slice(end + 4);
        FAULTS[scripts[Number(id.slice(1))]?.fault ?? 'none'](socket, id);
      }
    });
  });
  const http = darajaHttp({ headersTimeoutMs: 100, bodyTimeoutMs: 100 });
  const results: HttpResult[] = [];

  const send = async (n: number): Promise<void> => {
    const { abortAfterTurns, mayStillSend } = scripts[n]!;
    const caller = new AbortController();
    const sending = http.send({
      endpoint: 'push',
      method: 'POST',
      url: `${server.url}/r${String(n)}`,
      headers: { 'Content-Type': 'application/json' },
      body: `${'x'.repeat(300)}|end`,
      signal: caller.signal,
      mayStillSend: () => mayStillSend,
    });
    if (abortAfterTurns !== null) {
      for (let turn = 0; turn < abortAfterTurns; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      caller.abort();
    }
    results[n] = await sending;
  };
  const numbers = Array.from({ length: REQUESTS }, (_, n) => n).values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const n of numbers) await send(n);
    }),
  );
  http.onModuleDestroy();

  const received = server.received.join('');
  const kinds = new Map<string, number>();
  for (const [n, result] of results.entries()) {
    const seen = received.split(`POST /r${String(n)} `).length - 1;
    expect(seen).toBeLessThanOrEqual(1);
    const kind = result.kind === 'answer' ? 'answer' : result.sent ? 'sent' : 'not sent';
    if (kind === 'not sent') expect([n, result, seen]).toEqual([n, result, 0]);
    if (result.kind === 'answer') expect([result.text, seen]).toEqual([`r${String(n)}`, 1]);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  // Each is more than a handful, or little was tried.
  for (const kind of ['answer', 'sent', 'not sent']) expect(kinds.get(kind)).toBeGreaterThan(50);
}, 120_000);
