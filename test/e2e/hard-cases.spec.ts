import { aPush, testingApp } from '../support/testing-app.js';
import { callBack, promptOf } from '../support/call-back.js';
import { AttemptStore, type StkAttempt, type StkFailed } from '../../lib/index.js';

type App = Awaited<ReturnType<typeof testingApp>>;

let app: App;
const start = async (options?: Parameters<typeof testingApp>[0]) =>
  (app = await testingApp(options));
afterEach(() => app.close());

let phones = 0;
/** A push to a phone of its own, which rings. */
const push = (change: Parameters<typeof aPush>[0] = {}): Promise<StkAttempt> => {
  phones += 1;
  return app.stk.push(aPush({ phoneNumber: `0733${String(phones).padStart(6, '0')}`, ...change }));
};

const now = async ({ id }: StkAttempt) => {
  const attempt = await app.stk.find(id);
  if (!attempt) throw new Error('It is gone');
  return attempt;
};
const told = ({ id }: StkAttempt) => app.ledger.of(id);

/** The time runs out, and nobody could tell what became of it. */
async function expires(attempt: StkAttempt): Promise<void> {
  await app.mpesa.clock.advance(660_000);
  await app.mpesa.settleAll();
  expect(await now(attempt)).toMatchObject({ status: 'expired' });
}

/** The customer does nothing that Daraja would know of. */
const SILENT = {
  customer: 'waits',
  callbacks: [],
  query: { pending: ['under-processing'], settled: ['under-processing'] },
} as const;

describe('money that comes late', () => {
  it('after a failure completes the attempt, as late', async () => {
    await start();
    const attempt = await push();
    await callBack(app, attempt, 1032);
    await callBack(app, attempt, { receipt: 'UKO1LATE01' });
    expect(await now(attempt)).toMatchObject({
      status: 'completed',
      late: true,
      receipt: 'UKO1LATE01',
      review: ['callback-conflict'],
    });
    expect(told(attempt)).toEqual([
      'prompted',
      'failed',
      'completed-late',
      'needs-review:callback-conflict',
    ]);
  });

  it('after the deadline completes the attempt, as late', async () => {
    await start();
    app.mpesa.emulator.next({
      customer: 'waits',
      callbacks: [],
      query: { pending: ['html-502'], settled: ['html-502'] },
    });
    const attempt = await push();
    await expires(attempt);
    await callBack(app, attempt, { receipt: 'UKO1LATE02' });
    expect(await now(attempt)).toMatchObject({ status: 'completed', late: true, review: [] });
    expect(told(attempt)).toEqual(['prompted', 'expired', 'completed-late']);
  });

  it('after a refusal completes the attempt, as late', async () => {
    await start();
    app.mpesa.emulator.next({ push: { answer: 'merchant-does-not-exist', prompts: true } });
    const error = await push().catch((caught: unknown) => caught);
    const { attempt } = error as { attempt: StkAttempt };
    await callBack(app, attempt, { receipt: 'UKO1LATE03' });
    expect(await now(attempt)).toMatchObject({ status: 'completed', late: true });
    expect(told(attempt)).toEqual(['rejected', 'completed-late']);
  });

  it('for an order that a second attempt has paid is a duplicate', async () => {
    await start();
    app.mpesa.emulator.next(SILENT);
    const first = await push({ orderId: 'twice' });
    await expires(first);
    const second = await push({ orderId: 'twice' });
    await callBack(app, second, { receipt: 'UKO1DUPL02' });
    await callBack(app, first, { receipt: 'UKO1DUPL01' });
    expect(await now(first)).toMatchObject({ status: 'completed', receipt: 'UKO1DUPL01' });
    expect(told(first)).toEqual(['prompted', 'expired', 'duplicate-payment']);
    expect(told(second)).toEqual(['prompted', 'completed']);
  });

  it('stops a second attempt that was prepared and not sent', async () => {
    await start();
    app.mpesa.emulator.next(SILENT);
    const first = await push({ orderId: 'overtaken' });
    await expires(first);
    const second = await app.stk.prepare(aPush({ orderId: 'overtaken' }));
    await callBack(app, first, { receipt: 'UKO1LATE04' });
    await expect(app.stk.send(second.id)).rejects.toMatchObject({ code: 'STK_ORDER_PAID' });
    expect(await now(second)).toMatchObject({ status: 'rejected' });
  });

  it('tells nobody that an attempt failed whose order is paid by another', async () => {
    await start();
    app.mpesa.emulator.next(SILENT);
    const first = await push({ orderId: 'paid-once' });
    await expires(first);
    const second = await push({ orderId: 'paid-once' });
    await callBack(app, second, {});
    await callBack(app, first, 1032);
    expect(await now(first)).toMatchObject({ status: 'failed' });
    expect(told(first)).toEqual(['prompted', 'expired']);
  });
});

describe('a receipt', () => {
  it('that comes after the query had proved the payment is told by itself', async () => {
    await start();
    const attempt = await push();
    await app.mpesa.lose(attempt);
    await app.stk.reconcile(attempt.id);
    await app.mpesa.settleAll();
    expect(await now(attempt)).toMatchObject({ status: 'completed', receipt: null });
    await callBack(app, attempt, { receipt: 'UKO1LATER1' });
    expect(await now(attempt)).toMatchObject({ receipt: 'UKO1LATER1', confirmedBy: 'query' });
    expect(told(attempt)).toEqual(['prompted', 'completed', 'receipt-received']);
  });

  it('of another attempt counts for nothing', async () => {
    await start();
    const [first, second] = [await push(), await push()];
    await callBack(app, first, { receipt: 'UKO1REUSED' });
    expect(await callBack(app, second, { receipt: 'UKO1REUSED' })).toBe('quarantined');
    expect(await now(second)).toMatchObject({ status: 'pending', review: ['receipt-reused'] });
    expect(told(second)).toEqual(['prompted', 'needs-review:receipt-reused']);
  });

  it('that is a second one for a paid attempt is for a person', async () => {
    await start();
    const attempt = await push();
    await callBack(app, attempt, { receipt: 'UKO1FIRST1' });
    await callBack(app, attempt, { receipt: 'UKO1SECOND' });
    expect(await now(attempt)).toMatchObject({ receipt: 'UKO1FIRST1', review: ['second-receipt'] });
    expect(told(attempt)).toEqual(['prompted', 'completed', 'needs-review:second-receipt']);
  });
});

describe('a callback that contradicts its attempt', () => {
  it.each([
    ['of another amount', { amount: 99 }, 'amount-mismatch'],
    ['of other ids', { checkoutRequestId: 'ws_CO_other' }, 'id-mismatch'],
  ])('%s counts for nothing, and the truth still does', async (_what, wrong, flag) => {
    await start();
    const attempt = await push();
    expect(await callBack(app, attempt, wrong)).toBe('quarantined');
    expect(await now(attempt)).toMatchObject({ status: 'pending', review: [flag] });
    await callBack(app, attempt, { receipt: 'UKO1HONEST' });
    expect(await now(attempt)).toMatchObject({ status: 'completed', receipt: 'UKO1HONEST' });
    expect(told(attempt)).toEqual(['prompted', `needs-review:${flag}`, 'completed']);
  });
});

describe('callback and query', () => {
  it('that disagree after a success keep the success, and call a person', async () => {
    await start();
    app.mpesa.emulator.next('query-contradicts-success');
    const attempt = await push();
    await app.mpesa.settleAll();
    await app.stk.reconcile(attempt.id);
    await app.mpesa.settleAll();
    expect(await now(attempt)).toMatchObject({ status: 'completed', review: ['query-conflict'] });
    expect(told(attempt)).toEqual(['prompted', 'completed', 'needs-review:query-conflict']);
  });

  it('that disagree after a failure count the money, as late', async () => {
    await start();
    app.mpesa.emulator.next('query-contradicts-failure');
    const attempt = await push();
    await app.mpesa.settleAll();
    await app.stk.reconcile(attempt.id);
    await app.mpesa.settleAll();
    expect(await now(attempt)).toMatchObject({ status: 'completed', late: true });
    expect(told(attempt)).toEqual([
      'prompted',
      'failed',
      'completed-late',
      'needs-review:query-conflict',
    ]);
  });

  it.each(['callback first', 'query first'])(
    'that disagree where a query must confirm fail it, and hold the order: %s',
    async (order) => {
      await start({ confirmation: 'query', reconciliation: false });
      app.mpesa.emulator.next({ customer: { resultCode: 1032 }, callbacks: [] });
      const attempt = await push({ orderId: 'in-doubt' });
      await app.mpesa.settleAll();
      const steps = [
        () => callBack(app, attempt, { receipt: 'UKO1DOUBT1' }),
        () => app.stk.reconcile(attempt.id),
      ];
      for (const step of order === 'query first' ? steps.reverse() : steps) await step();
      await app.mpesa.settleAll();
      expect(await now(attempt)).toMatchObject({ status: 'failed', review: ['query-conflict'] });
      expect(told(attempt)).toContain('needs-review:query-conflict');
      const again = push({ orderId: 'in-doubt' });
      if (order === 'callback first') {
        await expect(again).rejects.toMatchObject({ code: 'STK_ORDER_BUSY' });
        expect(told(attempt)).not.toContain('failed');
      } else {
        // Released when it failed, and a released slot stays released.
        expect(await again).toMatchObject({ status: 'pending' });
      }
    },
  );
});

describe('a push whose answer was lost', () => {
  it('holds its order for five minutes, expires, and ends with a person', async () => {
    await start({ reconciliation: { giveUpAfterMs: 900_000 } });
    app.mpesa.emulator.next('html-502');
    const attempt = await push({ orderId: 'lost' });
    expect(attempt.status).toBe('uncertain');
    await app.mpesa.clock.advance(290_000);
    await expect(push({ orderId: 'lost' })).rejects.toMatchObject({ code: 'STK_ORDER_BUSY' });
    await app.mpesa.clock.advance(60_000);
    expect(await now(attempt)).toMatchObject({ status: 'expired' });
    await app.mpesa.clock.advance(600_000);
    await app.mpesa.settleAll();
    expect(await now(attempt)).toMatchObject({ status: 'expired', review: ['unresolved'] });
    expect(told(attempt)).toEqual(['outcome-unknown', 'expired', 'needs-review:unresolved']);
  });

  it('is paid by the callback that comes late', async () => {
    await start();
    app.mpesa.emulator.next({ push: { answer: 'internal-error', prompts: true } });
    const attempt = await push();
    await app.mpesa.clock.advance(330_000);
    await app.mpesa.settleAll();
    const { id: checkoutRequestId } = promptOf(app, attempt);
    await callBack(app, attempt, {});
    expect(await now(attempt)).toMatchObject({
      status: 'completed',
      late: true,
      checkoutRequestId,
    });
  });
});

describe('a push that provably left nobody', () => {
  it('is sent twice more, and then rejected, which frees the order', async () => {
    await start();
    await push();
    // There is an access token, nobody listens any more, and the open connection is too old to be used.
    await app.mpesa.emulator.close();
    await app.mpesa.clock.advance(5_000);
    const error = await push({ orderId: 'not-sent' }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'DARAJA_UNAVAILABLE',
      outcome: 'not-sent',
      retryable: true,
      attempt: { status: 'rejected' },
    });
    const { attempt } = error as { attempt: StkAttempt };
    const store = app.app.get(AttemptStore, { strict: false });
    expect(await store.find(attempt.id)).toMatchObject({ sends: 3, orderSlot: null });
  });
});

describe('a phone that is busy', () => {
  it('refuses the push for a minute', async () => {
    await start();
    app.mpesa.emulator.next('subscriber-locked');
    await expect(push()).rejects.toMatchObject({
      code: 'STK_REJECTED',
      retryable: true,
      retryAfterMs: 60_000,
    });
  });

  it.each([
    [1001, 'subscriber-busy', 180_000],
    [17, 'duplicate', 120_000],
  ])('by callback %d says how long to wait', async (resultCode, reason, retryAfterMs) => {
    await start();
    const attempt = await push();
    await callBack(app, attempt, resultCode);
    const failed = app.ledger.events.find(({ type }) => type === 'stk.failed') as StkFailed;
    expect(failed).toMatchObject({ resultCode: String(resultCode), reason, retryAfterMs });
  });
});
