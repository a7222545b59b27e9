import assert from 'node:assert/strict';
import { STK_EVENTS } from '../../attempts/events/stk-events.js';
import { StkCompleted } from '../../attempts/events/stk-completed.event.js';
import { check, type StoreConformanceCheck } from './store-conformance-check.js';
import { times } from './store-subject.js';

export const subscribeChecks: readonly StoreConformanceCheck[] = [
  check('subscribe: has an event wait for each handler of its type', async (on) => {
    await on.subscribe({ 'stk.prompted': ['ledger', 'mail'], 'stk.failed': ['ledger'] });
    const attempt = await on.pending();
    await on.settle(attempt, on.callback(attempt, '1032'), { store: on.other });
    assert.deepEqual(await on.drain('mail'), ['stk.prompted']);
    assert.deepEqual(await on.drain('ledger'), ['stk.prompted', 'stk.failed']);
    assert.deepEqual(await on.drain('ledger'), []);
  }),

  check('subscribe: has handlers of all instances known to each', async (on) => {
    await on.other.subscribe(new Map([['stk.prompted', ['ledger']]]));
    await on.pending();
    assert.deepEqual(await on.drain('ledger'), ['stk.prompted']);
  }),

  check('subscribe: gives a new handler what no handler has done yet', async (on) => {
    await on.pending();
    await on.subscribe({ 'stk.prompted': ['ledger'] });
    const told = await on.takeOne('ledger');
    await on.subscribe({ 'stk.prompted': ['ledger', 'mail'] });
    assert.deepEqual(await on.drain('mail'), ['stk.prompted'], 'as long as nobody has done it');
    await on.store.acknowledge(told, { done: true });
    await on.subscribe({ 'stk.prompted': ['late'] });
    assert.deepEqual(await on.drain('late'), []);
    await on.pending();
    assert.deepEqual(await on.drain('late'), ['stk.prompted'], 'and from then on all');
  }),

  check('subscribe: may be repeated, also by several instances at once', async (on) => {
    await on.pending();
    const handlers = new Map([['stk.prompted', ['ledger', 'mail']]]);
    await Promise.all(times(8, (i) => (i % 2 ? on.store : on.other).subscribe(handlers)));
    await on.pending();
    await on.store.subscribe(handlers);
    assert.deepEqual(await on.drain('ledger'), ['stk.prompted', 'stk.prompted']);
    await on.store.subscribe(handlers);
    assert.deepEqual(await on.drain('ledger'), [], 'what was done stays done');
  }),

  check('subscribe: leaves deliveries as they are that are there', async (on) => {
    const handlers = new Map([['stk.prompted', ['ledger']]]);
    await on.store.subscribe(handlers);
    await on.pending();
    const parked = await on.takeOne('ledger');
    await on.store.acknowledge(parked, { dead: 'gave up' });
    await on.pending();
    const held = await on.takeOne('ledger');
    await on.store.subscribe(handlers);
    await on.other.subscribe(handlers);
    assert.deepEqual(await on.take('ledger'), [], 'one is held, one is parked');
    assert.equal(await on.store.acknowledge(held, { done: true }), true);
    assert.equal((await on.store.deadEvents(10)).length, 1);
  }),

  check('subscribe: loses no event that is committed at the same time', async (on) => {
    const attempts = await Promise.all(times(20, () => on.sending()));
    await Promise.all([
      ...attempts.map((attempt) => on.settle(attempt, on.accepted(), { store: on.other })),
      on.subscribe({ 'stk.prompted': ['ledger'] }),
    ]);
    // As a dispatcher does from time to time.
    await on.subscribe({ 'stk.prompted': ['ledger'] });
    assert.equal((await on.drain('ledger')).length, 20);
  }),

  check('claimEvents: gives a process nothing that its handlers did not ask for', async (on) => {
    await on.subscribe({ 'stk.prompted': ['ledger', 'mail'] });
    await on.pending();
    assert.deepEqual(await on.take([]), []);
    assert.deepEqual(await on.take('stranger'), []);
    const [delivery, ...others] = await on.take('mail');
    assert.equal(delivery?.handler, 'mail');
    assert.equal(others.length, 0);
    assert.deepEqual(await on.drain('ledger'), ['stk.prompted']);
  }),

  check('claimEvents: gives the event as it was told', async (on) => {
    await on.subscribe({ 'stk.completed': ['ledger'], 'stk.failed': ['ledger'] });
    const metadata = { cart: 'Ünïcode 😀', lines: [1, { deep: null }] };
    const attempt = await on.pending({ orderId: 'order', metadata });
    const paidAt = new Date('2026-03-29T01:30:00.123Z');
    const { attempt: paid } = await on.settle(attempt, on.paid(attempt, { paidAt }));
    const { event, tries } = await on.takeOne('ledger');
    assert.equal(tries, 1);
    assert(event instanceof StkCompleted, 'an instance of its class');
    assert(STK_EVENTS.some(({ type }) => type === event.type));
    assert.deepEqual(Object.fromEntries(Object.entries(event)), {
      id: `${attempt.id}:stk.completed`,
      attemptId: attempt.id,
      account: 'default',
      orderId: 'order',
      occurredAt: paid.settledAt,
      metadata,
      amount: 100,
      receipt: paid.receipt,
      paidAt,
      confirmedBy: 'callback',
    });
  }),

  check('claimEvents: takes no event twice that was told twice', async (on) => {
    await on.subscribe({ 'stk.completed': ['ledger'] });
    const attempt = await on.pending();
    const evidence = on.paid(attempt);
    let events: StkCompleted[] = [];
    await on.settle(attempt, evidence, {
      decide: (current) => {
        const own = {
          amount: 100,
          receipt: null,
          paidAt: new Date(),
          confirmedBy: 'query',
        } as const;
        const common = { attemptId: current.id, account: 'default', orderId: null, metadata: null };
        const told = { id: `${current.id}:stk.completed`, occurredAt: new Date() };
        events = [new StkCompleted({ ...common, ...told, ...own })];
        return { attempt: current, events, settlesOrder: false, callback: 'applied' };
      },
    });
    const tellAgain = () =>
      on.settle(attempt, on.paid(attempt), {
        decide: (current) => ({
          attempt: current,
          events,
          settlesOrder: false,
          callback: 'applied',
        }),
      });
    await tellAgain();
    assert.deepEqual(await on.drain('ledger'), ['stk.completed']);
    await tellAgain();
    assert.deepEqual(await on.drain('ledger'), []);
  }),

  check('commits: tells of an attempt once its change can be read', async (on) => {
    const seen = new Map<string, number>();
    const reads: Promise<void>[] = [];
    const subscription = on.store.commits.subscribe((id) => {
      reads.push(
        on.other.find(id).then((found) => {
          seen.set(id, Math.max(found?.version ?? 0, seen.get(id) ?? 0));
        }),
      );
    });
    const failing = await on.open();
    const thrown = on.settle(
      failing,
      { kind: 'deadline' },
      {
        decide: () => {
          throw new Error('rolled back');
        },
      },
    );
    await assert.rejects(thrown, /rolled back/);
    const attempt = await on.pending();
    const { attempt: paid } = await on.settle(attempt, on.paid(attempt));
    const deadline = Date.now() + 5_000;
    while (seen.get(paid.id) !== paid.version && Date.now() < deadline) {
      await on.advance(1);
      await Promise.all(reads);
    }
    subscription.unsubscribe();
    assert.equal(seen.get(paid.id), paid.version);
    assert.equal(seen.get(failing.id), failing.version, 'only of what was committed');
  }),
];
