import type { LoggerService } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { drawCallbackToken, hashCallbackToken } from '../../../lib/attempts/callback-token.js';
import { EvidenceService } from '../../../lib/attempts/evidence.service.js';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import { StkCallbackService } from '../../../lib/callback/stk-callback.service.js';
import {
  callbackProviders,
  cancelledBody,
  paidBody,
  pendingAttempt,
  receiptOf,
  sendingAttempt,
} from '../../support/callback-parts.js';
import { RecordingLogger } from '../../support/recording-logger.js';

describe('StkCallbackService', () => {
  let module: TestingModule;
  let callbacks: StkCallbackService;
  let store: InMemoryAttemptStore;
  let evidence: EvidenceService;
  let logger: RecordingLogger;

  beforeEach(async () => {
    logger = new RecordingLogger();
    module = await Test.createTestingModule({ providers: callbackProviders })
      .setLogger(logger satisfies LoggerService)
      .compile();
    callbacks = module.get(StkCallbackService);
    store = module.get(InMemoryAttemptStore);
    evidence = module.get(EvidenceService);
  });

  afterEach(() => module.close());

  it('settles the attempt to which the token belongs', async () => {
    const paid = await pendingAttempt(store, evidence);
    const cancelled = await pendingAttempt(store, evidence);

    await expect(
      callbacks.receive({ token: paid.token, body: paidBody(paid.id) }),
    ).resolves.toEqual({ disposition: 'applied' });
    await expect(
      callbacks.receive({ token: cancelled.token, body: cancelledBody(cancelled.id) }),
    ).resolves.toEqual({ disposition: 'applied' });

    expect(await store.find(paid.id)).toMatchObject({
      status: 'completed',
      receipt: receiptOf(paid.id),
      paidAt: new Date('2026-05-04T18:04:28.000Z'),
    });
    expect(await store.find(cancelled.id)).toMatchObject({ status: 'failed', resultCode: '1032' });
    expect(store.quarantined).toEqual([]);
  });

  it('takes the same callback once, however its JSON is ordered', async () => {
    const { id, token } = await pendingAttempt(store, evidence);
    const { stkCallback } = paidBody(id).Body;
    const reordered = Object.fromEntries(Object.entries(stkCallback).reverse());
    await callbacks.receive({ token, body: paidBody(id) });

    await expect(callbacks.receive({ token, body: paidBody(id) })).resolves.toEqual({
      disposition: 'duplicate',
    });
    await expect(
      callbacks.receive({ token, body: { Body: { stkCallback: reordered } } }),
    ).resolves.toEqual({ disposition: 'duplicate' });
  });

  it('tells callbacks apart by their bytes where those are known', async () => {
    const { id, token } = await pendingAttempt(store, evidence);
    const receive = (rawBody: Buffer) =>
      callbacks.receive({ token, body: JSON.parse(rawBody.toString()), rawBody });
    const compact = Buffer.from(JSON.stringify(cancelledBody(id)));
    const spaced = Buffer.from(JSON.stringify(cancelledBody(id), null, 1));

    expect(await receive(compact)).toEqual({ disposition: 'applied' });
    expect(await receive(compact)).toEqual({ disposition: 'duplicate' });
    expect(await receive(spaced)).toEqual({ disposition: 'applied' });
  });

  it('keeps a callback that beats our own push response, and applies it with that', async () => {
    const { id, token } = await sendingAttempt(store);
    const body = paidBody(id);
    const { MerchantRequestID, CheckoutRequestID } = body.Body.stkCallback;

    await expect(callbacks.receive({ token, body })).resolves.toEqual({ disposition: 'deferred' });
    expect(await store.find(id)).toMatchObject({ status: 'sending' });

    await evidence.apply(id, {
      kind: 'push-accepted',
      merchantRequestId: MerchantRequestID,
      checkoutRequestId: CheckoutRequestID,
    });
    expect(await store.find(id)).toMatchObject({ status: 'completed' });
  });

  it.each([
    ['another amount', (id: string) => paidBody(id, 1)],
    ['an amount with cents', (id: string) => paidBody(id, '100.50')],
    ['the ids of another push', () => paidBody('somebody-else')],
  ])('counts a callback for nothing that has %s', async (_what, bodyOf) => {
    const { id, token } = await pendingAttempt(store, evidence);

    await expect(callbacks.receive({ token, body: bodyOf(id) })).resolves.toEqual({
      disposition: 'quarantined',
    });
    expect(await store.find(id)).toMatchObject({ status: 'pending', receipt: null });
    expect((await store.find(id))?.review).toHaveLength(1);
  });

  it.each([
    ['a token that nobody was given', () => drawCallbackToken(), 'unknown-token'],
    ['no token', () => '', 'unknown-token'],
    ['a token cut short', (token: string) => token.slice(1), 'unknown-token'],
    ['something that is no text', () => 7 as never, 'unknown-token'],
  ])('quarantines a callback with %s', async (_what, tokenOf, problem) => {
    const { id, token } = await pendingAttempt(store, evidence);
    const received = callbacks.receive({ token: tokenOf(token), body: paidBody(id) });

    await expect(received).resolves.toEqual({ disposition: 'quarantined' });
    expect(await store.find(id)).toMatchObject({ status: 'pending', review: [] });
    expect(store.quarantined).toEqual([expect.objectContaining({ problem })]);
  });

  it.each([[undefined], [null], ['text'], [[]], [{}], [{ Body: { Fault: {} } }]])(
    'quarantines the body %p',
    async (body) => {
      const { id, token } = await pendingAttempt(store, evidence);

      await expect(callbacks.receive({ token, body })).resolves.toEqual({
        disposition: 'quarantined',
      });
      expect(await store.find(id)).toMatchObject({ status: 'pending', review: [] });
      expect(store.quarantined).toEqual([expect.objectContaining({ problem: 'malformed' })]);
    },
  );

  it.each([
    ['196.201.214.200', '196.201.214.200'],
    ['::ffff:196.201.214.200', '196.201.214.200'],
    ['fe80::1%eth0\nforged log line', null],
    ['<script>', null],
    ['', null],
    [null, null],
    [undefined, null],
  ])('keeps the address %p as %p', async (sourceIp, kept) => {
    await callbacks.receive({ token: '', body: null, sourceIp });

    expect(store.quarantined[0]?.sourceIp).toBe(kept);
  });

  it('rejects with the error of a store that cannot take it', async () => {
    const { id, token } = await pendingAttempt(store, evidence);
    const outage = new Error('connection refused');
    store.settle = () => Promise.reject(outage);
    store.quarantine = () => Promise.reject(outage);

    await expect(callbacks.receive({ token, body: paidBody(id) })).rejects.toBe(outage);
    await expect(callbacks.receive({ token, body: {} })).rejects.toBe(outage);
    await expect(callbacks.receive({ token: '', body: paidBody(id) })).rejects.toBe(outage);
  });

  it('keeps the body of each callback, and of a quarantined one the hash of its token', async () => {
    const { id, token } = await pendingAttempt(store, evidence);
    const spaced = JSON.stringify(paidBody(id), null, 1);
    const unknown = drawCallbackToken();
    await callbacks.receive({ token, body: JSON.parse(spaced), rawBody: Buffer.from(spaced) });
    await callbacks.receive({ token: unknown, body: paidBody(id) });
    await callbacks.receive({ token, body: undefined });
    await callbacks.receive({ token: 'short', body: {}, rawBody: Buffer.from('a\0b') });

    expect(await store.callbacks(id)).toEqual([
      { receivedAt: expect.any(Date), disposition: 'applied', raw: spaced },
    ]);
    expect(store.quarantined.map(({ raw, tokenHash }) => [raw, tokenHash])).toEqual([
      [JSON.stringify(paidBody(id)), hashCallbackToken(unknown)],
      [null, hashCallbackToken(token)],
      ['a\ufffdb', null],
    ]);
  });

  it('logs and quarantines without token, phone number or receipt, but in the body', async () => {
    const { id, token } = await pendingAttempt(store, evidence);
    const unknown = drawCallbackToken();
    const malformed = { Body: { stkCallback: { ResultDesc: 'of 254712345678' } } };
    await callbacks.receive({ token, body: paidBody(id, 1) });
    await callbacks.receive({ token, body: paidBody(id) });
    await callbacks.receive({ token, body: paidBody(id) });
    await callbacks.receive({ token, body: malformed });
    await callbacks.receive({ token: unknown, body: paidBody(id), sourceIp: '192.0.2.1' });
    await callbacks.receive({ token: `${token}x`, body: paidBody(id) });

    const quarantined = store.quarantined.map((each) => ({ ...each, raw: undefined }));
    const told = logger.lines.join('\n') + JSON.stringify(quarantined);
    for (const secret of [
      token,
      unknown,
      '254712345678',
      receiptOf(id),
      'processed successfully',
    ]) {
      expect(told).not.toContain(secret);
    }
    expect(logger.lines.filter((line) => line.endsWith(' StkCallbackService'))).toEqual([
      expect.stringMatching(`^warn .*${id} quarantined, result code 0`),
      expect.stringMatching(`^log .*${id} applied, result code 0`),
      expect.stringMatching(`^log .*${id} duplicate`),
      expect.stringMatching(/^warn .*quarantined.*MerchantRequestID must be a string/),
      expect.stringMatching(/^warn .*from 192\.0\.2\.1: no attempt has/),
      expect.stringMatching(/^warn .*the URL ends in no callback token/),
    ]);
  });
});
