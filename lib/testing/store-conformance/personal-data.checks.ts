import assert from 'node:assert/strict';
import type { AttemptRecord } from '../../attempts/attempt-record.js';
import { check, type StoreConformanceCheck } from './store-conformance-check.js';
import { sha256, times, type StoreSubject } from './store-subject.js';

const PHONE = '254712345678';
const NOTE = { kind: 'erased', by: 'ada', reason: 'asked for it' } as const;
/** Later than whatever a check does. */
const later = () => new Date(Date.now() + 365 * 24 * 3_600_000);
const earlier = new Date(0);

const paid = async (on: StoreSubject, attempt: AttemptRecord): Promise<AttemptRecord> =>
  (await on.settle(attempt, on.paid(attempt))).attempt;

const erasable = async (on: StoreSubject, limit = 100, createdBefore = later()) =>
  (await on.other.erasable({ createdBefore, limit })).map(({ id }) => id);

async function erase(on: StoreSubject, attempt: AttemptRecord): Promise<AttemptRecord> {
  assert.equal(await on.store.forgetPerson(attempt.id), true);
  return (await on.settle(attempt, NOTE)).attempt;
}

export const personalDataChecks: readonly StoreConformanceCheck[] = [
  check('findByPhone: finds the attempts of a phone, and of no other', async (on) => {
    const first = await on.pending({ phoneNumber: PHONE });
    await on.pending({ phoneNumber: '254712345679' });
    const second = await on.pending({ phoneNumber: PHONE });
    for (const store of [on.store, on.other]) {
      assert.deepEqual(await store.findByPhone(PHONE), [first, second]);
      assert.deepEqual(await store.findByPhone('254700000000'), []);
    }
  }),

  check('open: a key with the number of another phone is another input', async (on) => {
    const input = { idempotencyKey: 'key', orderId: null, phoneNumber: PHONE };
    await on.open(input);
    const other = on.newAttempt({ ...input, phoneNumber: '254712345679' });
    assert.equal((await on.store.open(other)).outcome, 'key-reused');
    assert.equal((await on.other.open(on.newAttempt(input))).outcome, 'replayed');
  }),

  check('erasable: leaves what is live, held, odd, young, or not told', async (on) => {
    await on.subscribe({ 'stk.failed': ['ledger'] });
    await on.open();
    await on.sending();
    await on.pending();
    const held = await on.pending();
    await on.settle(held, on.callback(held, '0'));
    const odd = await paid(on, await on.pending());
    await on.settle(odd, on.paid(odd));
    const untold = await on.pending();
    await on.settle(untold, on.callback(untold, '1032'));
    const final = await paid(on, await on.pending());
    assert.deepEqual(await erasable(on), [final.id]);
    assert.deepEqual(await erasable(on, 100, earlier), []);
    assert.equal(await on.store.forgetPerson(untold.id), false);
    await on.drain('ledger');
    assert.deepEqual(await erasable(on), [untold.id, final.id]);
    assert.deepEqual(await erasable(on, 1), [untold.id]);
  }),

  check('erasable: leaves what a handler failed on', async (on) => {
    await on.subscribe({ 'stk.completed': ['ledger'] });
    const attempt = await paid(on, await on.pending());
    await on.store.acknowledge(await on.takeOne('ledger'), { dead: 'gave up' });
    assert.deepEqual(await erasable(on), []);
    assert.equal(await on.store.forgetPerson(attempt.id), false);
  }),

  check('erased: takes what is of a person away, and leaves what accounts need', async (on) => {
    const metadata = { name: 'Wanjiku' };
    const sending = await on.sending({ phoneNumber: PHONE, metadata, orderId: 'order' });
    const ids = on.accepted('ws_CO_260920262019337712345678');
    const pending = (await on.settle(sending, ids)).attempt;
    const attempt = await paid(on, pending);
    assert(attempt.receipt && attempt.paidAt, 'what accounts need');
    const erased = await erase(on, attempt);
    assert.deepEqual(await on.found(attempt), erased);
    assert.notEqual(erased.checkoutRequestId, attempt.checkoutRequestId);
    assert.deepEqual(
      erased,
      {
        ...attempt,
        ...{ phoneNumber: '', metadata: null, version: attempt.version + 1 },
        checkoutRequestId: erased.checkoutRequestId,
      },
      'nothing else changed',
    );
    assert.deepEqual(await on.other.findByPhone(PHONE), []);
    assert.deepEqual(await erasable(on), []);
    assert.deepEqual(
      (await on.other.callbacks(attempt.id)).map(({ raw }) => raw),
      [null],
    );
    const [last] = (await on.other.history(attempt.id)).slice(-1);
    assert.deepEqual(
      [last?.kind, last?.detail.by, last?.detail.reason],
      ['erased', 'ada', 'asked for it'],
    );
    await on.subscribe({ 'stk.completed': ['late'] });
    const told = await on.take('late');
    assert.deepEqual(
      told.map(({ event }) => event.metadata),
      [null],
      'nor in its events',
    );
  }),

  check('erased: disturbs neither order nor key nor receipt nor a late callback', async (on) => {
    const input = { idempotencyKey: 'key', orderId: 'order', phoneNumber: PHONE };
    const opened = await on.sending(input);
    const ids = on.accepted('ws_CO_260920262019337712345678');
    const attempt = (await on.settle(opened, ids)).attempt;
    const receipt = 'UKO1234567';
    const callback = on.paid(attempt, { receipt });
    await on.settle(attempt, callback);
    await erase(on, attempt);
    assert.equal((await on.store.open(on.newAttempt(input))).outcome, 'replayed');
    const again = { idempotencyKey: null, orderId: 'order' };
    assert.equal((await on.store.open(on.newAttempt(again))).outcome, 'order-paid');
    const other = await on.pending();
    const reused = await on.settle(other, on.paid(other, { receipt }));
    assert.equal(reused.callback, 'quarantined', 'the receipt is still known');
    const repeated = await on.settle(attempt, callback);
    assert.equal(repeated.callback, 'duplicate');
    const known = { ...attempt, checkoutRequestId: ids.checkoutRequestId };
    const late = await on.settle(attempt, on.paid(known, { receipt }));
    assert.equal(late.callback, 'applied', 'its ids are still known');
    assert.equal(late.attempt.phoneNumber, '');
  }),

  check('erased: is nothing for an attempt that is live', async (on) => {
    const attempt = await on.pending({ phoneNumber: PHONE });
    await on.settle(attempt, NOTE);
    assert.deepEqual(await on.found(attempt), attempt);
  }),

  check('forgetBodies: takes bodies that are old, within the limit', async (on) => {
    const attempt = await on.pending();
    await on.settle(attempt, on.callback(attempt, '1032'));
    for (const detail of times(3, String)) {
      await on.store.quarantine({
        problem: 'malformed',
        detail,
        sourceIp: null,
        receivedAt: new Date(),
        raw: PHONE,
        tokenHash: sha256(detail),
      });
    }
    const waiting = await on.sending();
    await on.settle(waiting, on.paid(on.accepted()));
    assert.equal(await on.store.forgetBodies({ receivedBefore: earlier, limit: 10 }), 0);
    assert.equal(await on.store.forgetBodies({ receivedBefore: later(), limit: 3 }), 3);
    assert.equal(await on.other.forgetBodies({ receivedBefore: later(), limit: 3 }), 1);
    assert.equal(await on.store.forgetBodies({ receivedBefore: later(), limit: 3 }), 0);
    const left = await on.other.listQuarantined({ limit: 10 });
    assert.deepEqual(
      left.map(({ raw }) => raw),
      [null, null, null],
    );
    assert.notEqual((await on.store.callbacks(waiting.id))[0]?.raw, null, 'it is still needed');
  }),
];
