import assert from 'node:assert/strict';
import { check, type StoreConformanceCheck } from './store-conformance-check.js';
import { decideByDefault } from './decide-by-default.js';
import { LONG_MS, SHORT_MS, tally, times } from './store-subject.js';

export const claimSendChecks: readonly StoreConformanceCheck[] = [
  check('claimSend: makes the attempt sending, under the new token', async (on) => {
    const attempt = await on.open();
    const claim = on.claimOf(attempt);
    const claimed = await on.store.claimSend(claim);
    assert.equal(claimed.outcome, 'claimed');
    const { status, sends, tokenHash, sentAt, nextCheckAt, version } = claimed.attempt;
    assert.deepEqual([status, sends, tokenHash], ['sending', 1, claim.tokenHash]);
    assert(sentAt, 'the time of the send is kept');
    assert.equal(nextCheckAt?.getTime(), sentAt.getTime() + LONG_MS);
    assert(version > attempt.version, 'the version rises with every write');
    assert.deepEqual(await on.other.find(attempt.id), claimed.attempt);
  }),

  check('claimSend: lets one of 20 claimants win', async (on) => {
    const attempt = await on.open();
    const claims = await Promise.all(
      times(20, (i) => (i % 2 ? on.store : on.other).claimSend(on.claimOf(attempt))),
    );
    assert.deepEqual(tally(claims.map(({ outcome }) => outcome)), { claimed: 1, lost: 19 });
    const winner = claims.find(({ outcome }) => outcome === 'claimed');
    assert.deepEqual(await on.found(attempt), winner?.attempt);
  }),

  check('claimSend: takes a resend once, and its token in place of the old one', async (on) => {
    const first = await on.sending();
    const second = await on.claim(first);
    assert.equal(second.sends, 2);
    const stale = await on.store.claimSend(on.claimOf(first));
    assert.deepEqual([stale.outcome, stale.attempt.tokenHash], ['lost', second.tokenHash]);
    const evidence = on.paid({ merchantRequestId: 'm', checkoutRequestId: 'c' });
    const byToken = (tokenHash: string | null) =>
      on.store.settle({ tokenHash: tokenHash ?? '' }, evidence, decideByDefault);
    assert.equal(await byToken(first.tokenHash), null, 'nobody is found by a token of before');
    assert.equal((await byToken(second.tokenHash))?.attempt.id, first.id);
  }),

  check('claimSend: is lost once the attempt has gone on', async (on) => {
    const rejected = await on.open();
    await on.settle(rejected, { kind: 'not-sent', cause: 'given up', sends: rejected.sends });
    const pending = await on.pending();
    for (const attempt of [rejected, pending]) {
      const before = await on.found(attempt);
      const claim = await on.store.claimSend(on.claimOf(before));
      assert.equal(claim.outcome, 'lost');
      assert.deepEqual(claim.attempt, before);
      assert.deepEqual(await on.found(attempt), before, 'nothing was written');
    }
  }),

  check(
    'claimSend: is lost for what was created too long ago, and not for a resend',
    async (on) => {
      const [late, resent] = [await on.open(), await on.sending()];
      await on.advance(2 * SHORT_MS);
      const claim = await on.store.claimSend(on.claimOf(late, { sendWithinMs: SHORT_MS }));
      assert.deepEqual([claim.outcome, claim.attempt.status], ['lost', 'created']);
      await on.claim(resent, { sendWithinMs: SHORT_MS });
    },
  ),

  check('claimSend: is refused where another attempt has paid the order meanwhile', async (on) => {
    const first = await on.pending({ orderId: 'order' });
    await on.settle(first, on.callback(first, '1032'));
    const second = await on.open({ orderId: 'order' });
    await on.settle(first, on.paid(first), { store: on.other });
    const claim = await on.store.claimSend(on.claimOf(second));
    assert.deepEqual([claim.outcome, claim.attempt.id], ['order-paid', first.id]);
    assert.equal((await on.found(second)).status, 'created');
  }),

  check('claimSend: rejects for an attempt that does not exist', async (on) => {
    const attempt = on.newAttempt();
    const claim = { ...on.claimOf(await on.open()), attemptId: attempt.id };
    await assert.rejects(on.store.claimSend(claim));
  }),
];
