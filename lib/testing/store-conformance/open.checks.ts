import assert from 'node:assert/strict';
import { check, type StoreConformanceCheck } from './store-conformance-check.js';
import { LONG_MS, sha256, tally, times } from './store-subject.js';

export const openChecks: readonly StoreConformanceCheck[] = [
  check('open: keeps every field as it was given', async (on) => {
    const given = on.newAttempt({
      orderId: `Größe 🧾 ${'x'.repeat(100)}`,
      idempotencyKey: `key-${'k'.repeat(124)}`,
      amount: 250_000,
      callbackUrl: 'https://shop.example/hooks/mpesa?tenant=1',
      metadata: { name: 'Wanjikũ 😀', lines: [1, 2.5, null, { deep: true }], quote: `'"\\` },
    });
    const { attempt } = await on.store.open(given);
    for (const kept of [attempt, await on.other.find(given.id)]) {
      assert(kept, 'the attempt is found by its id');
      const { version, createdAt, nextCheckAt, ...rest } = kept;
      assert.deepEqual({ ...rest, checkAfterMs: LONG_MS }, { ...given, sentAt: null });
      assert.equal(nextCheckAt?.getTime(), createdAt.getTime() + LONG_MS);
      assert(Number.isInteger(version), 'a version that can rise');
    }
  }),

  check('open: stores an attempt that is claimed by it', async (on) => {
    const { tokenHash, checkAfterMs } = on.claimOf(await on.open());
    const claimed = { status: 'sending', sends: 1, tokenHash, checkAfterMs } as const;
    const given = on.newAttempt({ orderId: 'order', ...claimed });
    const { outcome, attempt } = await on.store.open(given);
    assert.equal(outcome, 'opened');
    assert.deepEqual(await on.other.find(given.id), attempt);
    assert.equal(attempt.sentAt?.getTime(), attempt.createdAt.getTime());
    const again = (sends: number) => on.other.claimSend(on.claimOf({ ...attempt, sends }));
    assert.equal((await again(0)).outcome, 'lost', 'its first send is taken');
    assert.equal((await on.settle(attempt, on.accepted())).attempt.status, 'pending');
    const next = await on.other.open(on.newAttempt({ orderId: 'order', ...claimed }));
    assert.equal(next.outcome, 'order-busy');
  }),

  check('open: knows again what it has stored', async (on) => {
    const given = on.newAttempt({ orderId: 'order', idempotencyKey: 'key' });
    const first = await on.store.open(given);
    assert.deepEqual(await on.other.open(given), first);
    assert.equal((await on.store.findByOrder('order')).length, 1);
  }),

  check('open: keeps an order to one live attempt', async (on) => {
    const first = await on.open({ orderId: 'order' });
    const second = await on.other.open(on.newAttempt({ orderId: 'order' }));
    assert.equal(second.outcome, 'order-busy');
    assert.equal(second.attempt.id, first.id);
    assert.equal((await on.store.findByOrder('order')).length, 1);
  }),

  check('open: opens one of 200 at once for one order', async (on) => {
    const openings = await Promise.all(
      times(200, (i) => (i % 2 ? on.store : on.other).open(on.newAttempt({ orderId: 'order' }))),
    );
    const outcomes = openings.map(({ outcome }) => outcome);
    assert.deepEqual(tally(outcomes), { opened: 1, 'order-busy': 199 });
    assert.equal(new Set(openings.map(({ attempt }) => attempt.id)).size, 1);
  }),

  check('open: opens one of 50 at once with one key', async (on) => {
    const openings = await Promise.all(
      times(50, (i) =>
        (i % 2 ? on.store : on.other).open(on.newAttempt({ orderId: null, idempotencyKey: 'key' })),
      ),
    );
    const outcomes = openings.map(({ outcome }) => outcome);
    assert.deepEqual(tally(outcomes), { opened: 1, replayed: 49 });
    assert.equal(new Set(openings.map(({ attempt }) => attempt.id)).size, 1);
  }),

  check('open: opens all of different orders at once', async (on) => {
    const openings = await Promise.all(times(50, () => on.store.open(on.newAttempt())));
    assert.deepEqual(tally(openings.map(({ outcome }) => outcome)), { opened: 50 });
  }),

  check('open: gives the slot of an order that was not paid to the next', async (on) => {
    const first = await on.pending({ orderId: 'order' });
    await on.settle(first, on.callback(first, '1032'));
    const second = await on.open({ orderId: 'order' });
    assert.deepEqual(
      (await on.store.findByOrder('order')).map(({ id, orderSlot }) => [id, orderSlot]),
      [
        [first.id, null],
        [second.id, 'order:order'],
      ],
    );
  }),

  check('open: refuses an order that was paid, and names the attempt that paid', async (on) => {
    const paid = await on.pending({ orderId: 'order' });
    await on.settle(paid, on.paid(paid));
    const second = await on.other.open(on.newAttempt({ orderId: 'order' }));
    assert.equal(second.outcome, 'order-paid');
    assert.equal(second.attempt.id, paid.id);
    assert.equal(second.attempt.status, 'completed');
  }),

  check('open: replays a key, whatever became of the attempt', async (on) => {
    const key = { orderId: null, idempotencyKey: 'key' };
    const first = await on.pending(key);
    await on.settle(first, on.paid(first));
    const replay = await on.other.open(on.newAttempt(key));
    assert.equal(replay.outcome, 'replayed');
    assert.equal(replay.attempt.id, first.id);
    assert.equal(replay.attempt.status, 'completed');
  }),

  check('open: looks at the key before the order', async (on) => {
    const both = { orderId: 'order', idempotencyKey: 'key' };
    const first = await on.open(both);
    const again = await on.store.open(on.newAttempt(both));
    assert.deepEqual([again.outcome, again.attempt.id], ['replayed', first.id]);
    const otherKey = await on.store.open(on.newAttempt({ ...both, idempotencyKey: 'other' }));
    assert.deepEqual([otherKey.outcome, otherKey.attempt.id], ['order-busy', first.id]);
  }),

  check('open: tells a key that comes with another input', async (on) => {
    const key = { orderId: null, idempotencyKey: 'key' };
    const first = await on.open(key);
    const other = await on.store.open(on.newAttempt({ ...key, fingerprint: sha256('another') }));
    assert.deepEqual([other.outcome, other.attempt.id], ['key-reused', first.id]);
  }),

  check('open: takes a key again that a rejected attempt gave back', async (on) => {
    const key = { orderId: 'order', idempotencyKey: 'key' };
    const first = await on.open(key);
    await on.settle(first, { kind: 'not-sent', cause: 'refused', sends: first.sends });
    const second = await on.open(key);
    assert.notEqual(second.id, first.id);
    assert.equal((await on.found(first)).idempotencyKey, null);
  }),

  check('open: tells apart what differs in case, accent or white space', async (on) => {
    for (const orderId of [
      'order a',
      'Order a',
      'ordér a',
      'order a ',
      ' order a',
      'order\u00a0a',
    ]) {
      await on.open({ orderId, idempotencyKey: orderId });
      const found = await on.store.findByOrder(orderId);
      assert.deepEqual(
        found.map((attempt) => attempt.orderId),
        [orderId],
      );
    }
  }),

  check('open: lets attempts without order and key be', async (on) => {
    const change = { orderId: null, idempotencyKey: null };
    const outcomes = await Promise.all(times(5, () => on.store.open(on.newAttempt(change))));
    assert.deepEqual(tally(outcomes.map(({ outcome }) => outcome)), { opened: 5 });
  }),
];
