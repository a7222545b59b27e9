import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Test, type TestingModule } from '@nestjs/testing';
import { EvidenceService } from '../../lib/attempts/evidence.service.js';
import { InMemoryAttemptStore } from '../../lib/attempts/in-memory-attempt.store.js';
import { parseStkCallback } from '../../lib/callback/parse-stk-callback.js';
import { StkCallbackError } from '../../lib/callback/stk-callback.error.js';
import { StkCallbackService } from '../../lib/callback/stk-callback.service.js';
import { parseStrictJson } from '../../lib/callback/strict-json.js';
import { callbackProviders, idsOf, paidBody, pendingAttempt } from '../support/callback-parts.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { fuzz, mutated } from './fuzzing.js';

const samples = JSON.parse(readFileSync('test/fixtures/daraja-samples.json', 'utf8')) as {
  payload: unknown;
  raw?: string;
}[];
const corpus = samples.map(({ payload, raw }) => raw ?? JSON.stringify(payload));

const someBytes: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: mutated(corpus).map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: fc.json().map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)) },
);

it('reads any bytes as JSON.parse() does, or refuses them by StkCallbackError', async () => {
  let accepted = 0;
  await fuzz('callback bytes', someBytes, (bytes) => {
    let value: unknown;
    try {
      value = parseStrictJson(bytes);
    } catch (error) {
      if (!(error instanceof StkCallbackError)) throw error;
      return;
    }
    accepted += 1;
    expect(value).toStrictEqual(JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, '')));
    try {
      const callback = parseStkCallback(value);
      expect(callback.checkoutRequestId).toMatch(/^[\x20-\x7e]{1,128}$/);
      expect(callback.resultCode).toMatch(/^[\w.-]{1,32}$/);
    } catch (error) {
      if (!(error instanceof StkCallbackError)) throw error;
    }
  });
  expect(accepted).toBeGreaterThan(0);
}, 1_800_000);

describe('an attempt of 100 shillings', () => {
  let module: TestingModule | undefined;
  let store: InMemoryAttemptStore;
  let attempt: { id: string; token: string };
  let callbacks: StkCallbackService;
  let next: () => Promise<{ id: string; token: string }>;
  let received = 0;

  const begin = async () => {
    await module?.close();
    const fresh = await Test.createTestingModule({ providers: callbackProviders })
      .setLogger(new RecordingLogger())
      .compile();
    module = fresh;
    store = fresh.get(InMemoryAttemptStore);
    callbacks = fresh.get(StkCallbackService);
    next = () => pendingAttempt(store, fresh.get(EvidenceService));
    attempt = await next();
  };

  afterAll(() => module?.close());

  /** Read without any code of ours: what pays this attempt, and nothing else. */
  const pays = (bytes: string): boolean => {
    const { Body } = JSON.parse(bytes.replace(/^\ufeff/, '')) as ReturnType<typeof paidBody>;
    const { MerchantRequestID, CheckoutRequestID, ResultCode, CallbackMetadata } = Body.stkCallback;
    const ids = idsOf(attempt.id);
    const of = (name: string) =>
      CallbackMetadata.Item.filter(({ Name }) => Name === name).map((item) => item.Value);
    const [amount, receipt] = [of('Amount'), of('MpesaReceiptNumber')];
    return (
      String(ResultCode) === '0' &&
      MerchantRequestID === ids.MerchantRequestID &&
      CheckoutRequestID === ids.CheckoutRequestID &&
      amount.length === 1 &&
      /^0*100(?:\.0+)?$/.test(String(amount[0])) &&
      receipt.length === 1 &&
      typeof receipt[0] === 'string'
    );
  };

  it('is completed by what pays it, and by nothing else', async () => {
    await begin();
    let completed = 0;
    const inputs = fc.oneof(
      { weight: 1, arbitrary: fc.constant((honest: string) => honest) },
      {
        weight: 30,
        arbitrary: fc
          .tuple(fc.nat(), fc.nat(6), mutated(['', '1', '"', 'Amount', '100', '0']))
          .map(([place, cut, put]) => (honest: string) => {
            const at = place % honest.length;
            return honest.slice(0, at) + put + honest.slice(at + cut);
          }),
      },
    );
    await fuzz('callbacks of an attempt', inputs, async (edit) => {
      received += 1;
      // Attempts are many, and the store looks through all of them.
      if (received % 1_000 === 0) await begin();
      const json = edit(JSON.stringify(paidBody(attempt.id)));
      await callbacks.receive({
        token: attempt.token,
        body: undefined,
        rawBody: Buffer.from(json),
      });
      const after = await store.find(attempt.id);
      if (after?.status === 'pending') return;
      if (after?.status === 'completed') {
        completed += 1;
        expect([json, pays(json)]).toEqual([json, true]);
      }
      attempt = await next();
    });
    expect(completed).toBeGreaterThan(0);
  }, 1_800_000);
});
