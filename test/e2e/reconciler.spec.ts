import { RateLimiter, StkAdminService, type StkAttempt } from '../../lib/index.js';
import type { EmulatorScenario, MpesaTestingOptions } from '../../lib/testing.js';
import { AttemptStore } from '../../lib/attempts/attempt-store.js';
import { StkCallbackService } from '../../lib/callback/stk-callback.service.js';
import { aPush, testingApp } from '../support/testing-app.js';

type App = Awaited<ReturnType<typeof testingApp>>;

const MINUTE = 60_000;

let app: App;
async function start(options: MpesaTestingOptions = {}): Promise<App> {
  app = await testingApp(options);
  return app;
}
afterEach(() => app.close());

/** When Daraja was asked, in ms of the emulator's clock. */
const queries = (): number[] =>
  app.mpesa.emulator.received.filter(({ path }) => path.endsWith('/query')).map(({ at }) => at);

const distances = (times: number[]): number[] =>
  times.slice(1).map((at, i) => at - (times[i] ?? 0));

const pass = async (ms: number): Promise<void> => {
  await app.mpesa.clock.advance(ms);
  await app.mpesa.settleAll();
};

const found = async ({ id }: StkAttempt) => {
  const attempt = await app.stk.find(id);
  if (!attempt) throw new Error('there is no such attempt');
  return attempt;
};

/** Paid, with a lost callback; or whatever the change says. */
const paid = (query?: EmulatorScenario['query']): EmulatorScenario => ({
  customer: { resultCode: 0 },
  callbacks: [],
  ...(query && { query }),
});

describe('a lost callback', () => {
  it('is found by itself, where the time of a test is moved', async () => {
    await start();
    const attempt = await app.stk.push(aPush());
    await app.mpesa.lose(attempt);
    await pass(17_000);
    expect(await found(attempt)).toMatchObject({
      status: 'completed',
      confirmedBy: 'query',
      receipt: null,
    });
    expect(app.ledger.of(attempt.id)).toEqual(['prompted', 'completed']);
    await pass(60 * MINUTE);
    expect(queries()).toHaveLength(1);
  });

  it('of a payment that failed is found as well', async () => {
    await start();
    app.mpesa.emulator.next({ customer: { resultCode: 1032 }, callbacks: [] });
    const attempt = await app.stk.push(aPush());
    await pass(17_000);
    expect(await found(attempt)).toMatchObject({ status: 'failed', reason: 'cancelled' });
    expect(app.ledger.of(attempt.id)).toEqual(['prompted', 'failed']);
  });

  it('is found late, too: then it is told as late', async () => {
    await start();
    const pending = Array<'under-processing'>(5).fill('under-processing');
    app.mpesa.emulator.next(paid({ settled: [...pending, 'final'] }));
    const attempt = await app.stk.push(aPush());
    await pass(6 * MINUTE);
    expect(await found(attempt)).toMatchObject({ status: 'expired' });
    await pass(10 * MINUTE);
    expect(await found(attempt)).toMatchObject({ status: 'completed', late: true });
    expect(app.ledger.of(attempt.id)).toEqual(['prompted', 'expired', 'completed-late']);
  });

  it('of many is found within the budget, and the deadline waits for the budget', async () => {
    await start();
    const attempts = [];
    for (let i = 0; i < 20; i += 1) {
      app.mpesa.emulator.next(paid());
      attempts.push(await app.stk.push(aPush({ phoneNumber: `07220000${String(i + 10)}` })));
    }
    await pass(5 * MINUTE);
    for (const attempt of attempts) {
      expect(await found(attempt)).toMatchObject({ status: 'completed', late: false });
    }
    expect(queries()).toHaveLength(20);
    expect(Math.min(...distances(queries()))).toBeGreaterThanOrEqual(12_000);
    // What a round's distance costs, and no more.
    expect(Math.max(...distances(queries()))).toBeLessThan(14_000);
  });

  it('is not looked for where that is turned off, and the deadline comes', async () => {
    await start({ reconciliation: false });
    const attempt = await app.stk.push(aPush());
    await app.mpesa.lose(attempt);
    await pass(9 * MINUTE);
    expect(await found(attempt)).toMatchObject({ status: 'pending' });
    await pass(2 * MINUTE);
    expect(await found(attempt)).toMatchObject({ status: 'expired' });
    expect(queries()).toEqual([]);
    expect(await app.stk.reconcile(attempt.id)).toMatchObject({ status: 'completed', late: true });
  });
});

describe('the budget', () => {
  class NoPermits extends RateLimiter {
    isAway = false;
    take = () => (this.isAway ? Promise.reject(new Error('away')) : Promise.resolve(60_000));
    block = () => (this.isAway ? Promise.reject(new Error('away')) : Promise.resolve());
  }

  it.each([false, true])('that is used up is no evidence (limiter away: %p)', async (isAway) => {
    const rateLimiter = new NoPermits();
    rateLimiter.isAway = isAway;
    await start({ rateLimiter });
    const attempt = await app.stk.push(aPush());
    await app.mpesa.lose(attempt);
    await pass(9 * MINUTE);
    expect(await found(attempt)).toMatchObject({ status: 'pending' });
    await pass(2 * MINUTE);
    expect(await found(attempt)).toMatchObject({ status: 'expired' });
    expect(queries()).toEqual([]);
    // Never held back.
    expect(await app.stk.reconcile(attempt.id)).toMatchObject({ status: 'completed' });
  });

  it('is slowed as a whole by a 429, and nothing follows from it', async () => {
    await start();
    const throttled = Array<'spike-arrest'>(3).fill('spike-arrest');
    app.mpesa.emulator.next(paid({ settled: [...throttled, 'final'] }), paid());
    const first = await app.stk.push(aPush());
    const second = await app.stk.push(aPush({ phoneNumber: '0722000000' }));
    await pass(8 * MINUTE);
    for (const attempt of [first, second]) {
      expect(await found(attempt)).toMatchObject({ status: 'completed', late: false });
    }
    const [afterFirst = 0, afterNext = 0] = distances(queries());
    expect(afterFirst).toBeGreaterThanOrEqual(24_000);
    expect(afterNext).toBeGreaterThanOrEqual(12_000);
  });

  it('is charged for what the application asks', async () => {
    await start();
    const attempt = await app.stk.push(aPush());
    await app.mpesa.lose(attempt);
    await app.mpesa.clock.advance(10_000);
    const { checkoutRequestId } = attempt;
    await app.stk.query({ checkoutRequestId: checkoutRequestId ?? '' });
    await app.stk.query({ checkoutRequestId: checkoutRequestId ?? '' });
    await pass(14_000);
    expect(await found(attempt)).toMatchObject({ status: 'completed' });
    const [between = -1, after = 0] = distances(queries());
    expect(between).toBe(0);
    expect(after).toBeGreaterThanOrEqual(12_000);
  });
});

describe("confirmation 'query'", () => {
  it("completes by Daraja's word, with the receipt of the callback", async () => {
    await start({ confirmation: 'query' });
    const attempt = await app.stk.push(aPush());
    await app.mpesa.approve(attempt);
    expect(await found(attempt)).toMatchObject({ status: 'pending', receipt: null });
    await pass(2_000);
    const completed = await found(attempt);
    expect(completed).toMatchObject({ status: 'completed', confirmedBy: 'query' });
    expect(completed.receipt).toMatch(/^[A-Z0-9]{10}$/);
    expect(app.ledger.of(attempt.id)).toEqual(['prompted', 'completed']);
  });

  it('waits where it cannot be had: told to people once at the deadline, asked on', async () => {
    await start({ confirmation: 'query' });
    const throttled = Array<'spike-arrest'>(6).fill('spike-arrest');
    app.mpesa.emulator.next({
      customer: { resultCode: 0 },
      query: { settled: [...throttled, 'final'] },
    });
    const input = aPush();
    const attempt = await app.stk.push(input);
    await pass(12 * MINUTE);
    expect(await found(attempt)).toMatchObject({
      status: 'pending',
      review: ['unconfirmed-success'],
    });
    const told = ['prompted', 'needs-review:unconfirmed-success'];
    expect(app.ledger.of(attempt.id)).toEqual(told);
    await expect(app.stk.push(input)).rejects.toMatchObject({ code: 'STK_ORDER_BUSY' });
    await pass(60 * MINUTE);
    expect(await found(attempt)).toMatchObject({ status: 'completed', confirmedBy: 'query' });
    expect(app.ledger.of(attempt.id)).toEqual([...told, 'completed']);
  });

  it('holds the order where the query says no, until a person decides', async () => {
    await start({ confirmation: 'query' });
    app.mpesa.emulator.next({
      customer: { resultCode: 1032 },
      callbacks: [{ resultCode: 0, amount: 100, receipt: 'UKO1AAAAAA' }],
    });
    const input = aPush();
    const attempt = await app.stk.push(input);
    await pass(5_000);
    expect(await found(attempt)).toMatchObject({ status: 'failed', review: ['query-conflict'] });
    expect(app.ledger.of(attempt.id)).toEqual(['prompted', 'needs-review:query-conflict']);
    await expect(app.stk.push(input)).rejects.toMatchObject({ code: 'STK_ORDER_BUSY' });
  });

  it('goes before older routine looks', async () => {
    await start({ confirmation: 'query' });
    for (let i = 0; i < 5; i += 1) {
      await app.stk.push(aPush({ phoneNumber: `07220000${String(i + 10)}` }));
    }
    await pass(17_000);
    const noted = await app.stk.push(aPush());
    await app.mpesa.approve(noted);
    await pass(13_000);
    expect(await found(noted)).toMatchObject({ status: 'completed' });
  });
});

it('a function chooses the confirmation by the success at hand', async () => {
  await start({ confirmation: ({ attempt }) => (attempt.amount > 50_000 ? 'query' : 'callback') });
  const small = await app.stk.push(aPush({ amount: 50_000 }));
  const large = await app.stk.push(aPush({ amount: 50_001, phoneNumber: '0722000000' }));
  await app.mpesa.approve(small);
  await app.mpesa.approve(large);
  expect(await found(small)).toMatchObject({ status: 'completed', confirmedBy: 'callback' });
  expect(await found(large)).toMatchObject({ status: 'pending' });
  await pass(2_000);
  expect(await found(large)).toMatchObject({ status: 'completed', confirmedBy: 'query' });
});

describe('a callback that is not to be trusted', () => {
  const withOtherAmounts = (times: number): EmulatorScenario => ({
    customer: { resultCode: 0, afterMs: 2_000 },
    callbacks: Array.from({ length: times }, (_, i) => ({ amount: 1 + i })),
    query: { settled: ['under-processing'] },
  });

  it('pulls one query forward, and no second one', async () => {
    await start();
    app.mpesa.emulator.next(withOtherAmounts(5));
    const pushedAt = app.mpesa.clock.now();
    const attempt = await app.stk.push(aPush());
    await pass(20_000);
    expect(await found(attempt)).toMatchObject({
      status: 'pending',
      review: ['amount-mismatch'],
    });
    const [first = 0, ...others] = queries();
    expect(first - pushedAt).toBeLessThan(5_000);
    expect(others).toEqual([]);
  });

  it('shares what it may have with all others of the key', async () => {
    await start({ reconciliation: { firstAfterMs: 5 * MINUTE, expireAfterMs: 10 * MINUTE } });
    for (let i = 0; i < 20; i += 1) {
      app.mpesa.emulator.next(withOtherAmounts(2));
      await app.stk.push(aPush({ phoneNumber: `07220000${String(i + 10)}` }));
    }
    await pass(4 * MINUTE);
    // One when they came; all came within a minute.
    expect(queries()).toHaveLength(1);
  });

  it('has none where nobody knows its token', async () => {
    await start();
    const attempt = await app.stk.push(aPush());
    const callbacks = app.app.get(StkCallbackService, { strict: false });
    const body = { Body: { stkCallback: { ...attempt, ResultCode: 0 } } };
    await callbacks.receive({ token: 'x'.repeat(43), body });
    await pass(10_000);
    expect(queries()).toEqual([]);
  });
});

it('what was found is in the history, what found nothing is not', async () => {
  await start();
  app.mpesa.emulator.next(paid({ settled: ['under-processing', 'bare-error', 'final'] }));
  const attempt = await app.stk.push(aPush());
  await pass(3 * MINUTE);
  const history = await app.app.get(StkAdminService, { strict: false }).history(attempt.id);
  const moves = history.map(({ kind, from, to }) => `${kind}: ${from} > ${to}`);
  expect(moves[0]).toBe('push-accepted: sending > pending');
  expect(moves.at(-1)).toBe('query: pending > completed');
  // That Daraja knows of it at all is worth a line.
  expect(moves).toHaveLength(3);
  const store = app.app.get(AttemptStore, { strict: false });
  expect(await store.find(attempt.id)).toMatchObject({ looks: 3, askAt: null, nextCheckAt: null });
});
