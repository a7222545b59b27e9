import assert from 'node:assert/strict';
import type { AttemptRecord } from '../../attempts/attempt-record.js';
import type { AttemptPage } from '../../attempts/attempt-store.js';
import { check, type StoreConformanceCheck } from './store-conformance-check.js';
import { SHORT_MS, times, type StoreSubject } from './store-subject.js';

/** Attempts that were opened one after the other, at times that a store can tell apart. */
async function inTime(on: StoreSubject, count: number): Promise<AttemptRecord[]> {
  const attempts: AttemptRecord[] = [];
  for (let i = 0; i < count; i += 1) {
    attempts.push(await on.pending());
    await on.advance(5);
  }
  return attempts;
}

const idsOf = (attempts: readonly { id: string }[]): string[] => attempts.map(({ id }) => id);

/** All pages of a list, until an empty one. */
async function pages(on: StoreSubject, page: AttemptPage): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const after = ids.at(-1);
    const next = idsOf(await on.store.list(after === undefined ? page : { ...page, after }));
    if (next.length === 0) return ids;
    assert(next.length <= page.limit, 'no page is longer than its limit');
    ids.push(...next);
    assert.equal(new Set(ids).size, ids.length, 'no page repeats what one before it had');
  }
}

export const readingChecks: readonly StoreConformanceCheck[] = [
  check('find: finds by id, CheckoutRequestID, order and receipt, and nobody else', async (on) => {
    await on.pending();
    const attempt = await on.pending({ orderId: 'order' });
    const { attempt: paid } = await on.settle(attempt, on.paid(attempt, { receipt: 'UKO1' }));
    for (const store of [on.store, on.other]) {
      assert.deepEqual(await store.find(paid.id), paid);
      assert.deepEqual(await store.findByCheckoutRequestId(paid.checkoutRequestId ?? ''), paid);
      assert.deepEqual(await store.findByOrder('order'), [paid]);
      assert.deepEqual(await store.findByReceipt('UKO1'), paid);
      assert.equal(await store.find(on.newAttempt().id), null);
      assert.equal(await store.find('not the id of anything'), null);
      assert.equal(await store.findByCheckoutRequestId('ws_CO_of_nobody'), null);
      assert.deepEqual(await store.findByOrder('of nobody'), []);
      assert.equal(await store.findByReceipt('uko1'), null, 'case matters');
    }
  }),

  check('findByOrder: tells the attempts of an order, oldest first', async (on) => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const attempt = await on.pending({ orderId: 'order' });
      ids.push(attempt.id);
      await on.settle(attempt, on.callback(attempt, '1032'));
      await on.advance(5);
    }
    assert.deepEqual(idsOf(await on.other.findByOrder('order')), ids);
  }),

  check('list: gives pages, newest first', async (on) => {
    const newestFirst = idsOf(await inTime(on, 7)).reverse();
    assert.deepEqual(idsOf(await on.store.list({ limit: 3 })), newestFirst.slice(0, 3));
    assert.deepEqual(await pages(on, { limit: 3 }), newestFirst);
    assert.deepEqual(await pages(on, { limit: 7 }), newestFirst);
  }),

  check('list: pages through attempts of one instant without a gap or a repeat', async (on) => {
    const opened = await Promise.all(times(12, () => on.open()));
    assert.deepEqual((await pages(on, { limit: 5 })).sort(), idsOf(opened).sort());
  }),

  check('list: keeps to status, time and review', async (on) => {
    const [first, second, third] = await inTime(on, 3);
    assert(first && second && third);
    await on.settle(first, on.callback(first, '1032'));
    await on.settle(second, on.paid(second, { amount: 99 }));
    const listed = async (page: Omit<AttemptPage, 'limit'>) =>
      idsOf(await on.other.list({ ...page, limit: 10 }));
    assert.deepEqual(await listed({ status: ['failed'] }), [first.id]);
    assert.deepEqual(await listed({ status: ['failed', 'pending'] }), [
      third.id,
      second.id,
      first.id,
    ]);
    assert.deepEqual(await listed({ status: ['completed'] }), []);
    await on.settle(first, on.callback(first, '1037'));
    assert.deepEqual(await listed({ needsReview: true }), [second.id]);
    assert.deepEqual(await listed({ since: second.createdAt }), [third.id, second.id]);
    const both = { since: second.createdAt, status: ['pending'] as const, after: third.id };
    assert.deepEqual(await listed(both), [second.id]);
  }),

  check('list: has nobody for review that a person has dealt with', async (on) => {
    const attempt = await on.pending();
    await on.settle(attempt, on.paid(attempt, { amount: 99 }));
    const listed = async () => idsOf(await on.other.list({ needsReview: true, limit: 10 }));
    const note = { reason: 'seen on the statement', by: 'jane' };
    await on.settle(attempt, { kind: 'review-ended', flags: ['amount-mismatch'], ...note });
    assert.deepEqual(await listed(), []);
    await on.settle(attempt, on.paid({ merchantRequestId: 'm', checkoutRequestId: 'another' }));
    assert.deepEqual(await listed(), [attempt.id], 'what comes up later needs somebody again');
    const to = { kind: 'operator', to: 'failed', receipt: null, ...note } as const;
    await on.settle(attempt, to, { store: on.other });
    assert.deepEqual(await listed(), []);
    assert.deepEqual((await on.found(attempt)).review, ['amount-mismatch', 'id-mismatch']);
  }),

  check('history: tells what was learned, in order', async (on) => {
    const attempt = await on.sending();
    const accepted = on.accepted();
    await on.settle(attempt, accepted);
    await on.settle(attempt, { kind: 'deadline' });
    await on.settle(attempt, on.callback(accepted, '1032'), { store: on.other });
    const paid = on.paid(accepted);
    await on.settle(attempt, paid);
    await on.settle(attempt, paid);
    const history = await on.other.history(attempt.id);
    assert.deepEqual(
      history.map(({ kind, from, to, callback }) => [kind, from, to, callback]),
      [
        ['push-accepted', 'sending', 'pending', null],
        ['callback', 'pending', 'failed', 'applied'],
        ['callback', 'failed', 'completed', 'applied'],
      ],
    );
    assert.equal(history[2]?.detail.receipt, paid.callback.metadata.receipt);
    const instants = history.map(({ at }) => at.getTime());
    assert.deepEqual(
      instants,
      [...instants].sort((a, b) => a - b),
    );
    assert.deepEqual(await on.store.history(on.newAttempt().id), []);
  }),

  check('claimDue: gives what is due, longest due first, within the limit', async (on) => {
    const opened: AttemptRecord[] = [];
    for (const checkAfterMs of [40, 20, 30]) opened.push(await on.open({ checkAfterMs }));
    const later = await on.open();
    await on.advance(SHORT_MS);
    const due = [...opened].sort((a, b) => Number(a.nextCheckAt) - Number(b.nextCheckAt));
    const first = await on.store.claimDue({ limit: 2, leaseMs: 60_000 });
    assert.deepEqual(idsOf(first), idsOf(due.slice(0, 2)));
    const rest = await on.other.claimDue({ limit: 10, leaseMs: 60_000 });
    assert.deepEqual(idsOf(rest), idsOf(due.slice(2)));
    assert.deepEqual(await on.store.claimDue({ limit: 10, leaseMs: 60_000 }), []);
    assert.deepEqual(await on.found(later), later);
  }),

  check('claimDue: gives nobody what another one holds', async (on) => {
    const due = await Promise.all(times(30, () => on.open({ checkAfterMs: 10 })));
    await on.advance(SHORT_MS);
    const claims = await Promise.all(
      times(10, (i) => (i % 2 ? on.store : on.other).claimDue({ limit: 5, leaseMs: 60_000 })),
    );
    const claimed = claims.flatMap(idsOf);
    // Claimants may get in each other's way, and get less than there is: never the same.
    assert.equal(new Set(claimed).size, claimed.length, 'no attempt was given twice');
    for (;;) {
      const more = idsOf(await on.store.claimDue({ limit: 5, leaseMs: 60_000 }));
      if (more.length === 0) break;
      claimed.push(...more);
    }
    assert.deepEqual(claimed.sort(), idsOf(due).sort());
  }),

  check('claimDue: gives again what was not settled in its lease', async (on) => {
    const attempt = await on.open({ checkAfterMs: 10 });
    await on.advance(SHORT_MS);
    const claim = { limit: 10, leaseMs: SHORT_MS };
    assert.deepEqual(idsOf(await on.store.claimDue(claim)), [attempt.id]);
    await on.advance(2 * SHORT_MS);
    assert.deepEqual(idsOf(await on.other.claimDue(claim)), [attempt.id]);
    await on.settle(attempt, { kind: 'not-sent', cause: 'given up', sends: attempt.sends });
    await on.advance(2 * SHORT_MS);
    assert.deepEqual(await on.store.claimDue(claim), [], 'nothing is left to find out');
  }),
];
