import {
  AttemptStore,
  StkAdminService,
  StkTransactionError,
  type StkTransaction,
} from '../../lib/index.js';
import { OnStkEvent, StkCompleted } from '../../lib/index.js';
import { Reconciler } from '../../lib/reconciliation/reconciler.js';
import { aPush, testingApp } from '../support/testing-app.js';
import { aNewAttempt } from '../support/attempts.js';

type App = Awaited<ReturnType<typeof testingApp>>;

let app: App;
beforeEach(async () => {
  app = await testingApp();
});
afterEach(() => app.close());

const pushes = () =>
  app.mpesa.emulator.received.filter(({ path }) => path.includes('processrequest'));

describe('what was prepared', () => {
  it('is sent by whoever is told to, once', async () => {
    const prepared = await app.stk.prepare(aPush());
    expect(prepared.status).toBe('created');
    expect(pushes()).toEqual([]);
    expect(await app.stk.send(prepared.id)).toMatchObject({ status: 'pending' });
    expect(await app.stk.send(prepared.id)).toMatchObject({ status: 'pending' });
    expect(pushes()).toHaveLength(1);
  });

  it('is rejected after 30 s, and never prompted late', async () => {
    const input = aPush();
    const prepared = await app.stk.prepare(input);
    await app.mpesa.clock.advance(32_000);
    expect(await app.stk.find(prepared.id)).toMatchObject({ status: 'rejected' });
    await expect(app.stk.send(prepared.id)).rejects.toMatchObject({
      code: 'DARAJA_UNAVAILABLE',
      outcome: 'not-sent',
      attempt: { id: prepared.id },
    });
    expect(pushes()).toEqual([]);
    expect(await app.stk.push(input)).toMatchObject({ status: 'pending' });
  });

  it('is not sent late where nothing sweeps, either', async () => {
    app.app.get(Reconciler, { strict: false }).onModuleDestroy();
    const prepared = await app.stk.prepare(aPush());
    await app.mpesa.clock.advance(30_001);
    expect(await app.stk.find(prepared.id)).toMatchObject({ status: 'created' });
    await expect(app.stk.send(prepared.id)).rejects.toMatchObject({
      outcome: 'not-sent',
      attempt: { status: 'rejected' },
    });
    expect(pushes()).toEqual([]);
  });

  it('takes part in no transaction where attempts are kept in memory', async () => {
    const manager = {} as StkTransaction;
    const error = await app.stk.prepare(aPush(), { manager }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StkTransactionError);
  });
});

describe('what a process left behind', () => {
  it('is uncertain once it was claimed: perhaps it was sent', async () => {
    const store = app.app.get(AttemptStore, { strict: false });
    const { attempt } = await store.open(aNewAttempt());
    await store.claimSend({
      attemptId: attempt.id,
      sends: 0,
      tokenHash: 'h',
      sendWithinMs: 30_000,
      checkAfterMs: 30_000,
    });
    await app.mpesa.clock.advance(29_000);
    expect(await app.stk.find(attempt.id)).toMatchObject({ status: 'sending' });
    await app.mpesa.clock.advance(3_000);
    await app.mpesa.settleAll();
    expect(await app.stk.find(attempt.id)).toMatchObject({ status: 'uncertain' });
    expect(app.ledger.of(attempt.id)).toEqual(['outcome-unknown']);
  });
});

describe('the deadline', () => {
  it('comes by itself: after five minutes without ids, after ten with', async () => {
    await app.close();
    app = await testingApp({ reconciliation: false });
    app.mpesa.emulator.next('html-502');
    const uncertain = await app.stk.push(aPush());
    app.mpesa.emulator.next({ customer: 'waits', callbacks: [] });
    const pending = await app.stk.push(aPush({ phoneNumber: '0722000000' }));
    await app.mpesa.clock.advance(335_000);
    expect(await app.stk.find(uncertain.id)).toMatchObject({ status: 'expired' });
    expect(await app.stk.find(pending.id)).toMatchObject({ status: 'pending' });
    await app.mpesa.clock.advance(300_000);
    await app.mpesa.settleAll();
    expect(await app.stk.find(pending.id)).toMatchObject({ status: 'expired' });
    expect(app.ledger.of(pending.id)).toEqual(['prompted', 'expired']);
  });
});

describe('the people who run the shop', () => {
  it('see attempts by page, status and time, and how they came to be', async () => {
    const admin = app.app.get(StkAdminService, { strict: false });
    const attempts = [];
    for (let i = 0; i < 5; i += 1) {
      attempts.push(await app.stk.push(aPush({ phoneNumber: `072200000${i}` })));
      await app.mpesa.clock.advance(1_000);
    }
    const ids = attempts.map(({ id }) => id).reverse();
    const first = await admin.list({ limit: 3 });
    const second = await admin.list({ limit: 3, after: first.at(-1)?.id });
    expect([...first, ...second].map(({ id }) => id)).toEqual(ids);

    const [paid, cancelled] = attempts;
    if (!paid || !cancelled) throw new Error('nothing was pushed');
    await app.mpesa.approve(paid);
    await app.mpesa.cancel(cancelled);
    const failed = await admin.list({ status: ['failed'] });
    expect(failed.map(({ id }) => id)).toEqual([cancelled.id]);
    const since = await admin.list({ since: attempts[3]?.createdAt });
    expect(since.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(await admin.list({ needsReview: true })).toEqual([]);

    const history = await admin.history(paid.id);
    expect(history.map(({ kind, from, to }) => `${kind}: ${from} > ${to}`)).toEqual([
      'push-accepted: sending > pending',
      'callback: pending > completed',
    ]);
    expect(JSON.stringify(history)).not.toContain('722000000');
  });
});

describe('an event that a handler fails on for good', () => {
  it('is seen, and can be given again', async () => {
    let broken = true;
    class Mailer {
      @OnStkEvent(StkCompleted)
      thank(): void {
        if (broken) throw new Error('no mail server');
      }
    }
    const other = await testingApp({}, [Mailer]);
    try {
      const admin = other.app.get(StkAdminService, { strict: false });
      const attempt = await other.stk.push(aPush());
      await other.mpesa.approve(attempt);
      await other.mpesa.settleAll();
      await other.mpesa.clock.advance(300_000);
      const delivery = { eventId: `${attempt.id}:stk.completed`, handler: 'Mailer.thank' };
      expect(await admin.deadEvents()).toMatchObject([
        { handler: 'Mailer.thank', tries: 8, event: { id: delivery.eventId } },
      ]);
      broken = false;
      expect(await admin.redrive(delivery)).toBe(true);
      await other.mpesa.settleAll();
      expect(await admin.deadEvents()).toEqual([]);
      expect(await admin.redrive(delivery)).toBe(false);
    } finally {
      await other.close();
    }
  });
});
