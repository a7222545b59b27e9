import assert from 'node:assert/strict';
import { check, type StoreConformanceCheck } from './store-conformance-check.js';
import { LONG_MS, SHORT_MS, times, type StoreSubject } from './store-subject.js';

const FAILURES = { 'stk.prompted': ['ledger', 'mail'], 'stk.failed': ['ledger'] };

/** An attempt with two events, one after the other. */
async function failed(on: StoreSubject) {
  const attempt = await on.pending();
  return (await on.settle(attempt, on.callback(attempt, '1032'))).attempt;
}

const leased = { leaseMs: SHORT_MS };

export const deliveryChecks: readonly StoreConformanceCheck[] = [
  check('claimEvents: goes through one order in order, each handler for itself', async (on) => {
    await on.subscribe(FAILURES);
    const attempt = await on.pending({ orderId: 'order' });
    await on.settle(attempt, on.callback(attempt, '1032'));
    await on.pending({ orderId: 'order' });
    const first = await on.takeOne('ledger');
    assert.equal(first.event.type, 'stk.prompted');
    assert.deepEqual(await on.take('ledger', { store: on.other }), [], 'the first is under way');
    assert.equal((await on.takeOne('mail')).event.id, first.event.id, 'waits for no other handler');
    await on.store.acknowledge(first, { done: true });
    const second = await on.takeOne('ledger');
    assert.deepEqual([second.event.type, second.event.attemptId], ['stk.failed', attempt.id]);
    assert.deepEqual(await on.take('ledger', { store: on.other }), []);
    await on.other.acknowledge(second, { done: true });
    const third = await on.takeOne('ledger');
    assert.notEqual(third.event.attemptId, attempt.id, "the order's next attempt");
  }),

  check('claimEvents: hands the trace of the attempt on', async (on) => {
    await on.subscribe(FAILURES);
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const attempt = await on.pending({ traceparent });
    assert.equal((await on.found(attempt)).traceparent, traceparent);
    assert.equal((await on.takeOne('ledger')).traceparent, traceparent);
    await on.pending();
    assert.equal((await on.takeOne('ledger')).traceparent, null);
  }),

  check('claimEvents: gives one claimant the deliveries of all its handlers', async (on) => {
    await on.subscribe(FAILURES);
    await on.pending();
    const both = ['ledger', 'mail'];
    const deliveries = await on.take(both);
    assert.deepEqual(deliveries.map(({ handler }) => handler).sort(), both);
    await on.pending();
    const [first] = await on.take('ledger');
    assert(first);
    await on.store.acknowledge(first, { retryAfterMs: LONG_MS });
    const others = await on.take(both);
    assert.deepEqual(
      others.map(({ handler }) => handler),
      ['mail'],
    );
  }),

  check('claimEvents: goes through different orders side by side', async (on) => {
    await on.subscribe(FAILURES);
    await Promise.all(times(6, () => failed(on)));
    const deliveries = await on.take('ledger');
    assert.deepEqual(
      deliveries.map(({ event }) => event.type),
      times(6, () => 'stk.prompted'),
    );
  }),

  check('claimEvents: keeps attempts without an order apart', async (on) => {
    await on.subscribe(FAILURES);
    await on.pending({ orderId: null });
    await on.pending({ orderId: null });
    assert.equal((await on.take('ledger')).length, 2);
  }),

  check('claimEvents: keeps to its limit', async (on) => {
    await on.subscribe(FAILURES);
    await Promise.all(times(5, () => on.pending()));
    assert.equal((await on.take('ledger', { limit: 3 })).length, 3);
    assert.equal((await on.take('ledger', { limit: 3 })).length, 2);
  }),

  check('claimEvents: passes over what waits or is held, however much it is', async (on) => {
    await on.subscribe(FAILURES);
    const waiting = await Promise.all(times(12, () => on.pending()));
    for (const delivery of await on.take('ledger')) {
      await on.store.acknowledge(delivery, { retryAfterMs: LONG_MS });
    }
    await Promise.all(waiting.map((attempt) => on.settle(attempt, on.callback(attempt, '1032'))));
    const fresh = await on.pending();
    const [delivery, ...others] = await on.take('ledger', { limit: 1 });
    assert.equal(delivery?.event.attemptId, fresh.id);
    assert.equal(others.length, 0);
  }),

  check('claimEvents: gives nobody what another one holds', async (on) => {
    await on.subscribe(FAILURES);
    await Promise.all(times(40, () => on.pending()));
    const taken: string[] = [];
    const claimant = async (store: typeof on.store) => {
      for (;;) {
        const deliveries = await on.take('ledger', { store, limit: 5 });
        taken.push(...deliveries.map(({ event }) => event.id));
        if (deliveries.length === 0) return;
      }
    };
    await Promise.all(times(6, (i) => claimant(i % 2 ? on.store : on.other)));
    // Claimants may get in each other's way, and get less than there is: never the same.
    await claimant(on.store);
    assert.equal(taken.length, 40);
    assert.equal(new Set(taken).size, 40);
  }),

  check('claimEvents: has counted the try when it gives a delivery', async (on) => {
    await on.subscribe(FAILURES);
    await on.pending();
    for (const tries of [1, 2, 3]) {
      const delivery = await on.takeOne('ledger', leased);
      assert.equal(delivery.tries, tries, 'also of those that never ended');
      await on.advance(2 * SHORT_MS);
    }
  }),

  check('acknowledge: ends a delivery for good', async (on) => {
    await on.subscribe(FAILURES);
    await on.pending();
    const delivery = await on.takeOne('ledger', leased);
    assert.equal(await on.other.acknowledge(delivery, { done: true }), true);
    await on.advance(2 * SHORT_MS);
    assert.deepEqual(await on.take('ledger'), []);
    assert.equal(await on.store.acknowledge(delivery, { dead: 'too late' }), false);
    assert.equal(await on.store.renew(delivery, LONG_MS), false);
    assert.deepEqual(await on.store.deadEvents(10), []);
  }),

  check('acknowledge: is worth nothing once the lease is another one’s', async (on) => {
    await on.subscribe(FAILURES);
    await on.pending();
    const stale = await on.takeOne('ledger', leased);
    await on.advance(2 * SHORT_MS);
    const [fresh] = await on.take('ledger', { store: on.other });
    assert(fresh);
    assert.equal(fresh.event.id, stale.event.id);
    for (const outcome of [{ done: true }, { retryAfterMs: 0 }, { dead: 'stale' }] as const) {
      assert.equal(await on.store.acknowledge(stale, outcome), false);
    }
    assert.equal(await on.store.renew(stale, LONG_MS), false);
    assert.deepEqual(await on.take('ledger'), [], 'the fresh lease stands');
    assert.equal(await on.other.acknowledge(fresh, { done: true }), true);
  }),

  check('acknowledge: has a delivery wait for its next try, and later ones for it', async (on) => {
    await on.subscribe(FAILURES);
    await failed(on);
    const first = await on.takeOne('ledger');
    assert.equal(await on.store.acknowledge(first, { retryAfterMs: LONG_MS }), true);
    assert.deepEqual(await on.take('ledger'), [], 'not before its time, and nothing overtakes it');
    assert.equal((await on.takeOne('mail')).tries, 1);

    await on.pending();
    const other = await on.takeOne('ledger');
    await on.store.acknowledge(other, { retryAfterMs: SHORT_MS });
    await on.advance(2 * SHORT_MS);
    const again = await on.takeOne('ledger');
    assert.deepEqual([again.event.id, again.tries], [other.event.id, 2]);
  }),

  check('acknowledge: lets later ones pass once a delivery is dead', async (on) => {
    await on.subscribe(FAILURES);
    const attempt = await failed(on);
    const first = await on.takeOne('ledger');
    const error = 'Error: no ☎️ in the shop';
    assert.equal(await on.store.acknowledge(first, { dead: error }), true);
    assert.deepEqual(await on.drain('ledger'), ['stk.failed']);
    const dead = await on.other.deadEvents(10);
    assert.deepEqual(
      dead.map(({ event, ...rest }) => ({ id: event.id, at: event.occurredAt, ...rest })),
      [
        {
          id: `${attempt.id}:stk.prompted`,
          at: first.event.occurredAt,
          handler: 'ledger',
          tries: 1,
          error,
        },
      ],
    );
    assert.deepEqual(await on.drain('mail'), ['stk.prompted'], 'it is dead for one handler');
  }),

  check('renew: keeps a lease as long as it is wanted', async (on) => {
    await on.subscribe(FAILURES);
    await on.pending();
    const delivery = await on.takeOne('ledger', leased);
    assert.equal(await on.other.renew(delivery, LONG_MS), true);
    await on.advance(2 * SHORT_MS);
    assert.deepEqual(await on.take('ledger'), []);
    assert.equal(await on.store.renew(delivery, SHORT_MS), true);
    await on.advance(2 * SHORT_MS);
    assert.equal((await on.takeOne('ledger')).tries, 2);
  }),

  check('deadEvents: tells of the parked ones, oldest first, within the limit', async (on) => {
    await on.subscribe(FAILURES);
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      ids.push((await on.pending()).id);
      const delivery = await on.takeOne('ledger');
      await on.store.acknowledge(delivery, { dead: `reason ${i}` });
      await on.advance(5);
    }
    const dead = await on.store.deadEvents(2);
    assert.deepEqual(
      dead.map(({ event, error }) => [event.attemptId, error]),
      [
        [ids[0], 'reason 0'],
        [ids[1], 'reason 1'],
      ],
    );
  }),

  check('countDeadEvents: counts what is parked, for each handler', async (on) => {
    await on.subscribe(FAILURES);
    assert.equal(await on.store.countDeadEvents(), 0);
    await on.pending();
    await on.pending();
    const [first, ...others] = await on.take(['ledger', 'mail']);
    assert(first);
    await on.store.acknowledge(first, { dead: 'gave up' });
    for (const delivery of others) await on.store.acknowledge(delivery, { dead: 'gave up' });
    assert.equal(await on.other.countDeadEvents(), 4);
    await on.store.redrive({ eventId: first.event.id, handler: first.handler });
    assert.equal(await on.store.countDeadEvents(), 3);
  }),

  check('forgetHandler: drops what waits for a handler, and tells it nothing more', async (on) => {
    await on.subscribe(FAILURES);
    await on.pending();
    await on.store.acknowledge(await on.takeOne('ledger'), { done: true });
    await on.pending();
    await on.store.acknowledge(await on.takeOne('ledger'), { dead: 'gave up' });
    await on.pending();
    assert.equal(await on.store.forgetHandler('ledger'), 2);
    assert.equal(await on.other.forgetHandler('ledger'), 0);
    await on.pending();
    assert.deepEqual(await on.take('ledger'), []);
    assert.equal(await on.store.countDeadEvents(), 0);
    assert.equal((await on.drain('mail')).length, 4, 'others are told all the same');
  }),

  check('forgetHandler: has a handler that comes back begin as a new one', async (on) => {
    await on.subscribe({ 'stk.prompted': ['ledger'] });
    const told = await on.pending();
    assert.equal((await on.drain('ledger')).length, 1);
    const open = await on.pending();
    await on.store.forgetHandler('ledger');
    const missed = await on.pending();
    await on.subscribe({ 'stk.prompted': ['ledger'] });
    const again = (await on.take('ledger')).map(({ event }) => event.attemptId);
    assert.deepEqual(again, [open.id, missed.id], `not ${told.id}, which it has done`);
  }),

  check('redrive: has a parked delivery tried again, from the first try', async (on) => {
    await on.subscribe(FAILURES);
    await on.pending();
    const delivery = await on.takeOne('ledger');
    const parked = { eventId: delivery.event.id, handler: 'ledger' };
    assert.equal(await on.store.redrive(parked), false, 'it is not parked');
    await on.store.acknowledge(delivery, { dead: 'gave up' });
    assert.equal(await on.store.redrive({ ...parked, handler: 'mail' }), false);
    assert.equal(await on.store.redrive({ ...parked, eventId: 'of nobody' }), false);
    assert.equal(await on.other.redrive(parked), true);
    assert.equal(await on.store.redrive(parked), false, 'once');
    assert.deepEqual(await on.store.deadEvents(10), []);
    assert.equal(await on.store.acknowledge(delivery, { done: true }), false, 'an old lease');
    const again = await on.takeOne('ledger');
    assert.deepEqual([again.event.id, again.tries], [delivery.event.id, 1]);
    assert.equal(await on.store.acknowledge(again, { done: true }), true);
  }),
];
