import assert from 'node:assert/strict';
import { check, type StoreConformanceCheck } from './store-conformance-check.js';
import { LONG_MS, SHORT_MS, type StoreSubject } from './store-subject.js';

const outboxMs = async (on: StoreSubject) => (await on.other.lag()).outboxMs;

export const lagChecks: readonly StoreConformanceCheck[] = [
  check('lag: is none where nothing is there', async (on) => {
    assert.deepEqual(await on.store.lag(), { outboxMs: 0, unresolvedMs: 0 });
  }),

  check('lag: tells for how long the longest due delivery has been due', async (on) => {
    await on.subscribe({ 'stk.prompted': ['ledger', 'mail'] });
    await on.pending();
    await on.advance(SHORT_MS);
    // Half of it: timers may be early by the store's clock.
    assert((await outboxMs(on)) >= SHORT_MS / 2);
    const ledger = await on.takeOne('ledger');
    const mail = await on.takeOne('mail');
    assert.equal(await outboxMs(on), 0, 'what is leased is under way');
    await on.store.acknowledge(ledger, { done: true });
    await on.store.acknowledge(mail, { retryAfterMs: LONG_MS });
    assert.equal(await outboxMs(on), 0, 'what failed is not due before its next try');
  }),

  check('lag: has a lease that ran out, and nothing that is parked', async (on) => {
    await on.subscribe({ 'stk.prompted': ['ledger'] });
    await on.pending();
    await on.takeOne('ledger', { leaseMs: SHORT_MS });
    await on.advance(2 * SHORT_MS);
    const lagMs = await outboxMs(on);
    assert(lagMs > 0, 'whoever had it is gone');
    assert(lagMs < LONG_MS);
    const again = await on.takeOne('ledger');
    await on.store.acknowledge(again, { dead: 'for good' });
    await on.advance(SHORT_MS);
    assert.equal(await outboxMs(on), 0);
    await on.store.redrive({ eventId: again.event.id, handler: 'ledger' });
    await on.advance(SHORT_MS);
    const redriven = await outboxMs(on);
    assert(redriven >= SHORT_MS / 2 && redriven < LONG_MS, 'due since it was redriven');
  }),

  check('lag: tells the age of the oldest attempt that is not settled', async (on) => {
    const first = await on.open();
    await on.advance(SHORT_MS);
    const second = await on.pending();
    assert((await on.other.lag()).unresolvedMs >= SHORT_MS / 2);
    await on.settle(first, { kind: 'not-sent', cause: 'given up', sends: 0 });
    const { unresolvedMs } = await on.store.lag();
    await on.settle(second, on.paid(second));
    const paidAt = Number((await on.store.history(second.id)).at(-1)?.at);
    assert(unresolvedMs <= paidAt - Number(second.createdAt), 'the first one is settled');
    assert.equal((await on.store.lag()).unresolvedMs, 0);
  }),
];
