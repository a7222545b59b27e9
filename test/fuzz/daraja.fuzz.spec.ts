import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { classifyPush } from '../../lib/daraja/classify-push.js';
import { classifyQuery } from '../../lib/daraja/classify-query.js';
import type { HttpResult } from '../../lib/daraja/http-result.js';
import { fuzz, mutated } from './fuzzing.js';

const samples = JSON.parse(readFileSync('test/fixtures/daraja-samples.json', 'utf8')) as {
  payload: unknown;
  raw?: string;
}[];
const ACCEPTED = {
  MerchantRequestID: 'm-1',
  CheckoutRequestID: 'ws_CO_1',
  ResponseCode: '0',
  ResponseDescription: 'Success. Request accepted for processing',
  CustomerMessage: 'Success. Request accepted for processing',
};
/** Daraja repeats the bearer token in this error. */
const SECRET = 'SeededBearerTokenSeededBearer';
const corpus = [
  JSON.stringify({
    requestId: 'r-1',
    errorCode: '401.002.01',
    errorMessage: `Error Occurred - Invalid Access Token - ${SECRET}`,
  }),
  JSON.stringify(ACCEPTED),
  JSON.stringify({ ...ACCEPTED, ResultCode: '1032', ResultDesc: 'Request cancelled by user' }),
  JSON.stringify({
    requestId: 'r-1',
    errorCode: '500.001.1001',
    errorMessage: 'Wrong credentials',
  }),
  '<html><body><h1>502 Bad Gateway</h1></body></html>',
  ...samples.map(({ payload, raw }) => raw ?? JSON.stringify(payload)),
];

const answers: fc.Arbitrary<HttpResult> = fc.record({
  kind: fc.constant('answer' as const),
  status: fc.oneof(
    fc.constantFrom(200, 201, 400, 401, 403, 404, 429, 500, 502, 503),
    fc.integer({ min: 100, max: 599 }),
  ),
  retryAfter: fc.oneof(
    fc.constant(null),
    fc.string(),
    fc.constantFrom('5', '-1', '1e9', 'Wed, 21 Oct 2026 07:28:00 GMT'),
  ),
  text: fc.oneof(
    { weight: 6, arbitrary: mutated(corpus) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  ),
});

/** What JSON there is in it, read without any code of ours. */
const jsonOf = (text: string): Record<string, unknown> => {
  try {
    return (JSON.parse(text.replace(/^\ufeff/, '')) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
};

it('takes no answer for more than it says', async () => {
  const seen = new Set<string>();
  await fuzz('answers of Daraja', answers, (result) => {
    if (result.kind !== 'answer') return;
    const good = result.status >= 200 && result.status < 300;
    const body = jsonOf(result.text);
    const push = classifyPush(result);
    const query = classifyQuery(result, 'ws_CO_1');
    seen.add(push.outcome).add(`query ${query.outcome}`);
    if (push.outcome === 'accepted') {
      expect(good && String(body.ResponseCode).trim() === '0').toBe(true);
      expect(push.checkoutRequestId).toBe((body.CheckoutRequestID as string).trim());
    } else if (good) {
      expect(push.outcome).toBe('unknown');
    }
    // Proof of not-sent comes from the connection, never from an answer.
    expect([push.outcome, query.outcome]).not.toContain('not-sent');
    if (query.outcome === 'answered') {
      expect(good && String(body.ResponseCode).trim() === '0').toBe(true);
    }
    const failures = [push, query].map((answer) => 'failure' in answer && answer.failure);
    expect(JSON.stringify(failures)).not.toContain(SECRET);
  });
  expect([...seen]).toEqual(
    expect.arrayContaining(['accepted', 'unknown', 'query answered', 'query unanswered']),
  );
}, 1_800_000);
