import {
  StkAdminService,
  StkCallbackService,
  StkInvalidInputError,
  StkResolutionError,
  type StkAttempt,
} from '../../lib/index.js';
import { drawCallbackToken } from '../../lib/attempts/callback-token.js';
import { stkCallback } from '../../lib/testing.js';
import { callBack, promptOf } from '../support/call-back.js';
import { aPush, testingApp } from '../support/testing-app.js';

type App = Awaited<ReturnType<typeof testingApp>>;

let app: App;
let admin: StkAdminService;
async function start(options?: Parameters<typeof testingApp>[0]): Promise<void> {
  app = await testingApp(options);
  admin = app.app.get(StkAdminService, { strict: false });
}
afterEach(() => app.close());

const NOTE = { by: 'jane', reason: 'On the statement of 24 November' };
const told = ({ id }: StkAttempt) => app.ledger.of(id);

/** An attempt of which nobody knows what became of it. */
async function uncertain(orderId = 'lost'): Promise<StkAttempt> {
  app.mpesa.emulator.next('html-502');
  return app.stk.push(aPush({ orderId, phoneNumber: '0744 000 001' }));
}

/** An attempt that a callback calls paid and the query not. */
async function inDoubt(orderId = 'in-doubt'): Promise<StkAttempt> {
  app.mpesa.emulator.next({ customer: { resultCode: 1032 }, callbacks: [] });
  const attempt = await app.stk.push(aPush({ orderId }));
  await callBack(app, attempt, { receipt: 'UKO1DOUBT1' });
  return app.stk.reconcile(attempt.id);
}

describe('what a person found out', () => {
  it('completes an attempt, with the receipt of the statement, and is kept for ever', async () => {
    await start();
    const { id } = await uncertain();
    const attempt = await admin.resolve(id, { to: 'completed', receipt: 'UKO1STATE1', ...NOTE });
    await app.mpesa.settleAll();
    expect(attempt).toMatchObject({
      status: 'completed',
      receipt: 'UKO1STATE1',
      confirmedBy: 'operator',
    });
    expect(told(attempt)).toEqual(['outcome-unknown', 'completed']);
    expect((await admin.history(id)).at(-1)).toMatchObject({
      kind: 'operator',
      from: 'uncertain',
      to: 'completed',
      detail: { ...NOTE, to: 'completed', receipt: 'UKO1STATE1' },
    });
  });

  it.each(['failed', 'rejected', 'expired'] as const)('frees the order: %s', async (to) => {
    await start();
    const { id } = await uncertain('free-again');
    expect(await admin.resolve(id, { to, ...NOTE })).toMatchObject({ status: to });
    await app.mpesa.settleAll();
    expect(app.ledger.of(id)).toEqual(['outcome-unknown', to]);
    expect(await app.stk.push(aPush({ orderId: 'free-again' }))).toMatchObject({
      status: 'pending',
    });
  });

  it('ends a contradiction: the order is free, and the handlers are told', async () => {
    await start({ confirmation: 'query', reconciliation: false });
    const { id } = await inDoubt();
    const push = () => app.stk.push(aPush({ orderId: 'in-doubt', phoneNumber: '0733000001' }));
    await expect(push()).rejects.toMatchObject({ code: 'STK_ORDER_BUSY' });
    await admin.resolve(id, { to: 'failed', ...NOTE });
    await app.mpesa.settleAll();
    expect(app.ledger.of(id)).toEqual(['prompted', 'needs-review:query-conflict', 'failed']);
    expect(await push()).toMatchObject({ status: 'pending' });
    expect(await admin.reviews()).toEqual([]);
  });

  it('adds the receipt of a payment that a query had proved', async () => {
    await start();
    const attempt = await app.stk.push(aPush());
    await app.mpesa.lose(attempt);
    await admin.requery(attempt.id);
    await admin.resolve(attempt.id, { to: 'completed', receipt: 'UKO1ADDED1', ...NOTE });
    await app.mpesa.settleAll();
    expect(await app.stk.findByReceipt('UKO1ADDED1')).toMatchObject({ confirmedBy: 'query' });
    expect(told(attempt)).toEqual(['prompted', 'completed', 'receipt-received']);
  });

  it('never lowers a status, and says so', async () => {
    await start();
    const attempt = await app.stk.push(aPush());
    await app.mpesa.approve(attempt);
    const before = await app.stk.find(attempt.id);
    for (const to of ['failed', 'rejected', 'expired'] as const) {
      const error = await admin.resolve(attempt.id, { to, ...NOTE }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(StkResolutionError);
      expect(error).toMatchObject({ code: 'STK_RESOLUTION', attempt: { status: 'completed' } });
    }
    expect(await app.stk.find(attempt.id)).toEqual(before);
  });

  it('takes no receipt of another attempt', async () => {
    await start();
    const paid = await app.stk.push(aPush());
    await callBack(app, paid, { receipt: 'UKO1OTHERS' });
    const { id } = await uncertain();
    const error = await admin
      .resolve(id, { to: 'completed', receipt: 'UKO1OTHERS', ...NOTE })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StkResolutionError);
    expect(error).toMatchObject({ attempt: { id: paid.id } });
    expect(await app.stk.find(id)).toMatchObject({ status: 'uncertain' });
  });

  it.each([
    ['to', { to: 'pending' as 'failed' }],
    ['by', { by: ' ' }],
    ['reason', { reason: '' }],
    ['receipt', { receipt: 'not a receipt' }],
    ['receipt', { to: 'failed' as const, receipt: 'UKO1AAAAAA' }],
  ])('must be complete: %s', async (field, wrong) => {
    await start();
    const { id } = await uncertain();
    const error = await admin
      .resolve(id, { to: 'completed', ...NOTE, ...wrong })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StkInvalidInputError);
    expect((error as StkInvalidInputError).errors).toMatchObject([{ field }]);
  });

  it('is about an attempt that there is', async () => {
    await start();
    const nobody = '6f1c2f6e-8f0b-4c39-9d57-0f2f8a4d7c11';
    for (const call of [
      admin.resolve(nobody, { to: 'failed', ...NOTE }),
      admin.endReview(nobody, NOTE),
      admin.requery(nobody),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'STK_INVALID_INPUT' });
    }
  });
});

describe('the list of reviews', () => {
  it('has each attempt with its evidence, until a person has dealt with it', async () => {
    await start();
    const attempt = await app.stk.push(aPush());
    await callBack(app, attempt, { amount: 1 });
    await callBack(app, attempt, { receipt: 'UKO1FIRST1' });
    const [review, ...others] = await admin.reviews();
    expect(others).toEqual([]);
    expect(review).toMatchObject({
      attempt: { id: attempt.id, status: 'completed' },
      flags: ['amount-mismatch'],
      history: [
        { kind: 'push-accepted' },
        { kind: 'callback', callback: 'quarantined', detail: { amount: 1 } },
        { kind: 'callback', callback: 'applied' },
      ],
      callbacks: [{ disposition: 'quarantined' }, { disposition: 'applied' }],
    });
    expect(review?.callbacks[0]?.raw).toContain('"Amount"');

    expect(await admin.endReview(attempt.id, NOTE)).toMatchObject({ review: ['amount-mismatch'] });
    expect(await admin.reviews()).toEqual([]);
    expect((await admin.history(attempt.id)).at(-1)).toMatchObject({
      kind: 'review-ended',
      detail: { ...NOTE, flags: ['amount-mismatch'] },
    });

    await callBack(app, attempt, { receipt: 'UKO1SECOND' });
    expect(await admin.reviews()).toMatchObject([{ flags: ['second-receipt'] }]);
  });

  it('keeps what was not named', async () => {
    await start();
    const attempt = await app.stk.push(aPush());
    await callBack(app, attempt, { amount: 1 });
    await callBack(app, attempt, { checkoutRequestId: 'ws_CO_other' });
    await admin.endReview(attempt.id, { ...NOTE, flags: ['amount-mismatch'] });
    expect(await admin.reviews()).toMatchObject([{ flags: ['id-mismatch'] }]);
  });

  it('has nobody whose oddity needs no person', async () => {
    await start();
    const attempt = await app.stk.push(aPush());
    await callBack(app, attempt, 1032);
    await callBack(app, attempt, 1037);
    expect(await app.stk.find(attempt.id)).toMatchObject({ review: ['result-code-differs'] });
    expect(await admin.reviews()).toEqual([]);
  });
});

describe('what is in quarantine', () => {
  const tokenOf = (attempt: StkAttempt) =>
    promptOf(app, attempt).callbackUrl.split('/').pop() ?? '';
  const callbacks = () => app.app.get(StkCallbackService, { strict: false });
  const paid = (attempt: StkAttempt, amount = 100) => {
    const { id: checkoutRequestId, merchantRequestId } = promptOf(app, attempt);
    return stkCallback.success({ checkoutRequestId, merchantRequestId, amount });
  };

  it('is taken in once more by the same checks, and by whom is kept', async () => {
    await start({ callback: { ipPolicy: 'enforce' } });
    const attempt = await app.stk.push(aPush());
    const request = { token: tokenOf(attempt), body: paid(attempt), sourceIp: '203.0.113.7' };
    await callbacks().receive(request);
    const [kept] = await admin.quarantined();
    expect(kept).toMatchObject({ problem: 'source-address', replayedAt: null });
    expect(await app.stk.find(attempt.id)).toMatchObject({ status: 'pending' });

    expect(await admin.replay(kept?.id ?? '', NOTE)).toEqual({ disposition: 'applied' });
    expect(await app.stk.find(attempt.id)).toMatchObject({ status: 'completed' });
    expect((await admin.history(attempt.id)).at(-1)).toMatchObject({ detail: { replayed: NOTE } });
    expect((await admin.quarantined())[0]?.replayedAt).toBeInstanceOf(Date);
    expect(await admin.replay(kept?.id ?? '', NOTE)).toEqual({ disposition: 'duplicate' });
  });

  it('gets no further than it would have from Daraja', async () => {
    await start({ callback: { ipPolicy: 'enforce' } });
    const attempt = await app.stk.push(aPush());
    const from = { sourceIp: '203.0.113.7' };
    await callbacks().receive({ token: tokenOf(attempt), body: paid(attempt, 1), ...from });
    await callbacks().receive({ token: drawCallbackToken(), body: paid(attempt), ...from });
    await callbacks().receive({ token: tokenOf(attempt), body: { Body: {} }, ...from });
    const [malformed, unknown, wrong] = await admin.quarantined();
    expect(await admin.replay(wrong?.id ?? '', NOTE)).toEqual({ disposition: 'quarantined' });
    await expect(admin.replay(unknown?.id ?? '', NOTE)).rejects.toThrow(/no attempt has/);
    await expect(admin.replay(malformed?.id ?? '', NOTE)).rejects.toThrow(/Not an STK callback/);
    await expect(admin.replay('nothing', NOTE)).rejects.toThrow(/none has this one/);
    expect(await app.stk.find(attempt.id)).toMatchObject({ status: 'pending' });
  });
});
