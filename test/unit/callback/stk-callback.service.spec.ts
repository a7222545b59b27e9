import { jest } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Clock } from '../../../lib/attempts/clock.js';
import { drawCallbackToken, hashCallbackToken } from '../../../lib/attempts/callback-token.js';
import { EvidenceService } from '../../../lib/attempts/evidence.service.js';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import { SourceAddresses } from '../../../lib/callback/source-addresses.js';
import { StkCallbackError } from '../../../lib/callback/stk-callback.error.js';
import { StkCallbackService } from '../../../lib/callback/stk-callback.service.js';
import {
  callbackProviders,
  cancelledBody,
  paidBody,
  pendingAttempt,
  receiptOf,
  sendingAttempt,
} from '../../support/callback-parts.js';
import { MpesaTelemetry } from '../../../lib/telemetry/mpesa-telemetry.js';
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

  afterEach(async () => {
    jest.restoreAllMocks();
    await module.close();
  });

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

  it('sets aside what comes from elsewhere, and what was found wrong before', async () => {
    const { id, token } = await pendingAttempt(store, evidence);
    const admits = jest.spyOn(module.get(SourceAddresses), 'admits').mockReturnValue(false);
    const body = paidBody(id);
    expect(await callbacks.receive({ token, body, sourceIp: '192.0.2.1' })).toEqual({
      disposition: 'quarantined',
    });
    expect(admits.mock.calls).toEqual([['192.0.2.1']]);
    admits.mockRestore();
    await callbacks.receive({ token, body, problem: 'the body is compressed' });
    expect(store.quarantined).toMatchObject([
      {
        problem: 'source-address',
        detail: 'its address is none of callback.allowedIps',
        sourceIp: '192.0.2.1',
      },
      { problem: 'malformed', detail: 'the body is compressed' },
    ]);
    expect(await store.find(id)).toMatchObject({ status: 'pending', review: [] });
  });

  it('takes in once more what a person has judged', async () => {
    const { id, token } = await pendingAttempt(store, evidence);
    const tokenHash = hashCallbackToken(token);
    const raw = JSON.stringify(paidBody(id));
    const by = { by: 'amina', reason: 'the proxy was ours' };
    const replay = (change: object) =>
      callbacks.replay({ raw, tokenHash, sourceIp: '192.0.2.1', ...change }, by);

    expect(await replay({ tokenHash: null })).toBeNull();
    expect(await replay({ tokenHash: hashCallbackToken(drawCallbackToken()) })).toBeNull();
    await expect(replay({ raw: null })).rejects.toThrow(StkCallbackError);
    await expect(replay({ raw: '{}' })).rejects.toThrow(StkCallbackError);
    expect(await store.find(id)).toMatchObject({ status: 'pending' });

    expect(await replay({})).toEqual({ disposition: 'applied' });
    expect(await replay({})).toEqual({ disposition: 'duplicate' });
    expect(await store.find(id)).toMatchObject({ status: 'completed', receipt: receiptOf(id) });
    expect((await store.callbacks(id))[0]).toMatchObject({ raw, disposition: 'applied' });
    const history = await store.history(id);
    expect(JSON.stringify(history)).toContain('the proxy was ours');
  });

  it('continues the trace of its attempt, and measures how late it was', async () => {
    const telemetry = module.get(MpesaTelemetry);
    const span = jest.spyOn(telemetry, 'span');
    const measure = jest.spyOn(telemetry, 'measure');
    const { id, token } = await pendingAttempt(store, evidence);
    const sentAt = (await store.find(id))!.sentAt!.getTime();
    jest.spyOn(module.get(Clock), 'now').mockReturnValue(sentAt + 2_500);

    await callbacks.receive({ token, body: paidBody(id) });
    await callbacks.receive({ token, body: paidBody(id) });
    await callbacks.receive({ token, body: paidBody(id, 1) });

    const traced = (disposition: string) => ({
      name: 'stk.callback',
      kind: 'consumer',
      continues: null,
      startedAt: sentAt + 2_500,
      attributes: {
        'mpesa.attempt.id': id,
        'mpesa.status': 'completed',
        'mpesa.disposition': disposition,
      },
    });
    expect(span.mock.calls.map(([about]) => about)).toEqual(
      ['applied', 'duplicate', 'quarantined'].map(traced),
    );
    for (const [, work] of span.mock.calls)
      await expect(work({} as never)).resolves.toBeUndefined();
    expect(measure.mock.calls).toEqual([
      ['mpesa.callback.lag', 2.5, { 'mpesa.status': 'completed' }],
    ]);
  });

  it('measures no lateness below nothing, where clocks disagree', async () => {
    const measure = jest.spyOn(module.get(MpesaTelemetry), 'measure');
    const { id, token } = await pendingAttempt(store, evidence);
    jest.spyOn(module.get(Clock), 'now').mockReturnValue(0);
    await callbacks.receive({ token, body: paidBody(id) });
    expect(measure.mock.calls).toEqual([['mpesa.callback.lag', 0, expect.anything()]]);
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
