import assert from 'node:assert/strict';
import type { StoreFacts } from '../../attempts/decision.js';
import { check, type StoreConformanceCheck } from './store-conformance-check.js';
import { decideByDefault } from './decide-by-default.js';
import { sha256, tally, times } from './store-subject.js';

const COMPLETIONS = {
  'stk.completed': ['ledger'],
  'stk.completed-late': ['ledger'],
  'stk.duplicate-payment': ['ledger'],
};

export const settleChecks: readonly StoreConformanceCheck[] = [
  check('settle: resolves with null for nobody', async (on) => {
    const { id } = on.newAttempt();
    await on.sending();
    const look = { kind: 'deadline' } as const;
    assert.equal(await on.store.settle({ attemptId: id }, look, decideByDefault), null);
    const tokenHash = sha256('a token that was never drawn');
    assert.equal(await on.store.settle({ tokenHash }, look, decideByDefault), null);
  }),

  check('settle: writes what was decided, and only that', async (on) => {
    const attempt = await on.sending({ metadata: { cart: 7 } });
    const evidence = on.accepted();
    const { attempt: next, callback } = await on.settle(attempt, evidence);
    assert.equal(callback, null);
    assert.equal(next.status, 'pending');
    assert.equal(next.checkoutRequestId, evidence.checkoutRequestId);
    assert(next.version > attempt.version, 'the version rises with every write');
    assert.deepEqual(await on.other.find(attempt.id), next);
    const same = await on.settle(attempt, { kind: 'deadline' });
    assert.deepEqual(same.attempt, next, 'a look that finds nothing changes nothing');
    const untouched = ['id', 'createdAt', 'order', 'fingerprint', 'metadata', 'amount'] as const;
    for (const field of untouched) assert.deepEqual(next[field], attempt[field]);
  }),

  check('settle: keeps instants to the millisecond', async (on) => {
    const attempt = await on.pending();
    // In Nairobi, New York and London these are days, hours and daylight saving times apart.
    const paidAt = new Date('2026-03-29T01:30:00.123Z');
    const { attempt: next } = await on.settle(attempt, on.paid(attempt, { paidAt }));
    assert.equal(next.paidAt?.toISOString(), paidAt.toISOString());
    assert.deepEqual(await on.other.find(attempt.id), next);
  }),

  check('settle: tells the decision what the store knows', async (on) => {
    const paid = await on.pending({ orderId: 'order' });
    await on.settle(paid, on.callback(paid, '1032'));
    const second = await on.pending({ orderId: 'order' });
    await on.settle(paid, on.paid(paid, { receipt: 'UKO1' }));
    const ids = { ...second, checkoutRequestId: paid.checkoutRequestId };
    const seen: StoreFacts[] = [];
    await on.settle(second, on.paid(ids, { receipt: 'UKO1' }), {
      decide: (attempt, evidence, facts) => {
        seen.push(facts);
        return decideByDefault(attempt, evidence, facts);
      },
    });
    const { now, ...known } = seen.at(-1) as StoreFacts;
    assert(now >= second.createdAt, "the store's own clock");
    assert.deepEqual(known, {
      settledBy: paid.id,
      receiptOwner: paid.id,
      checkoutRequestIdOwner: paid.id,
    });
  }),

  check('settle: asks again with what another one wrote meanwhile', async (on) => {
    const attempt = await on.pending();
    const answers = times(16, (i) => `query:${i + 1}` as const);
    await Promise.all(
      answers.map((answer, i) =>
        on.settle(
          attempt,
          { kind: 'query', resultCode: answer, answered: true },
          {
            store: i % 2 ? on.store : on.other,
            decide: (current) => ({
              attempt: { ...current, heard: [...current.heard, answer] },
              events: [],
              settlesOrder: false,
              callback: null,
            }),
          },
        ),
      ),
    );
    assert.deepEqual([...(await on.found(attempt)).heard].sort(), answers.sort());
  }),

  check('settle: writes nothing where the decision throws', async (on) => {
    await on.subscribe(COMPLETIONS);
    const attempt = await on.pending();
    const before = [await on.found(attempt), await on.store.history(attempt.id)];
    const evidence = on.paid(attempt);
    const failing = on.settle(attempt, evidence, {
      decide: (...given) => {
        decideByDefault(...given);
        throw new Error('out of memory');
      },
    });
    await assert.rejects(failing, /out of memory/);
    assert.deepEqual([await on.found(attempt), await on.store.history(attempt.id)], before);
    assert.deepEqual(await on.drain('ledger'), []);
    const { callback, attempt: paid } = await on.settle(attempt, evidence);
    assert.deepEqual([callback, paid.status], ['applied', 'completed']);
    assert.deepEqual(await on.drain('ledger'), ['stk.completed']);
  }),

  check('settle: takes a callback once, on whichever instance', async (on) => {
    const attempt = await on.pending();
    const evidence = on.callback(attempt, '1032');
    const settlements = await Promise.all(
      times(10, (i) => on.settle(attempt, evidence, { store: i % 2 ? on.store : on.other })),
    );
    const became = tally(settlements.map(({ callback }) => callback));
    assert.deepEqual(became, { applied: 1, duplicate: 9 });
    const callbacks = (await on.store.history(attempt.id)).filter(
      ({ kind }) => kind === 'callback',
    );
    assert.equal(callbacks.length, 1);
    const other = await on.pending();
    const sameBytes = { ...evidence, callback: on.callback(other, '1032').callback };
    assert.equal((await on.settle(other, sameBytes)).callback, 'applied', 'by attempt');
  }),

  check('settle: completes once, of 8 successes and 2 failures at once', async (on) => {
    await on.subscribe(COMPLETIONS);
    const attempt = await on.pending();
    const callbacks = [
      ...times(8, () => on.paid(attempt, { receipt: 'UKO1' })),
      on.callback(attempt, '1032'),
      on.callback(attempt, '1037'),
    ];
    await Promise.all(
      callbacks.map((evidence, i) =>
        on.settle(attempt, evidence, { store: i % 2 ? on.store : on.other }),
      ),
    );
    const { status, receipt, review } = await on.found(attempt);
    assert.deepEqual([status, receipt], ['completed', 'UKO1']);
    assert(review.includes('callback-conflict'), 'the contradiction is flagged');
    const told = await on.drain('ledger');
    assert.equal(told.length, 1, `one completion is told, not ${told.join(', ')}`);
    assert.equal((await on.store.history(attempt.id)).length, 11);
  }),

  check('settle: gives a receipt to one attempt', async (on) => {
    const [first, second] = [await on.pending(), await on.pending()];
    await on.settle(first, on.paid(first, { receipt: 'UKO1' }));
    const taken = await on.settle(second, on.paid(second, { receipt: 'UKO1' }));
    assert.deepEqual([taken.callback, taken.attempt.status], ['quarantined', 'pending']);
    assert((await on.found(second)).review.includes('receipt-reused'));
    assert.equal((await on.other.findByReceipt('UKO1'))?.id, first.id);
  }),

  check('settle: gives a receipt to one of ten attempts at once', async (on) => {
    const attempts = await Promise.all(times(10, () => on.pending()));
    const settlements = await Promise.all(
      attempts.map((attempt, i) =>
        on.settle(attempt, on.paid(attempt, { receipt: 'UKO1' }), {
          store: i % 2 ? on.store : on.other,
        }),
      ),
    );
    const became = tally(settlements.map(({ callback }) => callback));
    assert.deepEqual(became, { applied: 1, quarantined: 9 });
  }),

  check('settle: pays an order once, of two attempts at once', async (on) => {
    await on.subscribe(COMPLETIONS);
    for (let round = 0; round < 5; round += 1) {
      const orderId = `order of round ${round}`;
      const first = await on.pending({ orderId });
      await on.settle(first, on.callback(first, '1037'));
      const second = await on.pending({ orderId });
      await Promise.all([
        on.settle(second, on.paid(second), { store: on.other }),
        on.settle(first, on.paid(first)),
      ]);
      const statuses = (await on.store.findByOrder(orderId)).map(({ status }) => status);
      assert.deepEqual(statuses, ['completed', 'completed']);
      const told = tally(await on.drain('ledger'));
      assert.equal(told['stk.duplicate-payment'], 1, JSON.stringify(told));
      const paid = (told['stk.completed'] ?? 0) + (told['stk.completed-late'] ?? 0);
      assert.equal(paid, 1, JSON.stringify(told));
    }
  }),

  check('settle: flags a CheckoutRequestID that comes twice', async (on) => {
    const [first, second] = [await on.sending(), await on.sending()];
    await on.settle(first, on.accepted('ws_CO_twice'));
    const { attempt } = await on.settle(second, on.accepted('ws_CO_twice'));
    assert.equal(attempt.status, 'pending');
    assert(attempt.review.includes('checkout-request-id-reused'));
    const found = await on.other.findByCheckoutRequestId('ws_CO_twice');
    assert([first.id, second.id].includes(found?.id ?? ''));
  }),
];
