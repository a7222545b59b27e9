import assert from 'node:assert/strict';
import { check, type StoreConformanceCheck } from './store-conformance-check.js';
import { decideByDefault } from './decide-by-default.js';

export const deferredChecks: readonly StoreConformanceCheck[] = [
  check('settle: keeps a callback that is faster than the push response', async (on) => {
    const attempt = await on.sending();
    const accepted = on.accepted();
    const early = on.paid(accepted);
    const byToken = { tokenHash: attempt.tokenHash ?? '' };
    const kept = await on.other.settle(byToken, early, decideByDefault);
    assert.deepEqual([kept?.callback, kept?.attempt.status], ['deferred', 'sending']);
    const again = await on.store.settle(byToken, early, decideByDefault);
    assert.equal(again?.callback, 'duplicate');
    const settled = await on.settle(attempt, accepted);
    assert.equal(settled.attempt.status, 'completed');
    assert.equal(settled.attempt.idsFrom, 'response');
    assert.equal(settled.attempt.receipt, early.callback.metadata.receipt);
    const after = await on.store.settle(byToken, early, decideByDefault);
    assert.equal(after?.callback, 'duplicate', 'also once it was applied');
  }),

  check('settle: applies what had to wait also where the push response is lost', async (on) => {
    const attempt = await on.sending();
    const ids = { merchantRequestId: 'm', checkoutRequestId: 'ws_CO_early' };
    await on.settle(attempt, on.paid(ids), { store: on.other });
    const { attempt: settled } = await on.settle(attempt, { kind: 'push-unknown', cause: 'reset' });
    assert.deepEqual([settled.status, settled.idsFrom], ['completed', 'callback']);
    assert.equal(settled.checkoutRequestId, 'ws_CO_early');
  }),

  check('settle: applies all that had to wait, oldest first, once', async (on) => {
    await on.subscribe({ 'stk.failed': ['ledger'], 'stk.completed-late': ['ledger'] });
    const attempt = await on.sending();
    const accepted = on.accepted();
    await on.settle(attempt, on.callback(accepted, '1032'));
    await on.settle(attempt, on.paid(accepted), { store: on.other });
    const { attempt: settled } = await on.settle(attempt, accepted);
    assert.deepEqual([settled.status, settled.late], ['completed', true]);
    assert.deepEqual(await on.drain('ledger'), ['stk.failed', 'stk.completed-late']);
    const history = await on.store.history(attempt.id);
    await on.settle(attempt, { kind: 'push-unknown', cause: 'left-behind' });
    assert.deepEqual(await on.found(attempt), settled);
    assert.deepEqual(await on.store.history(attempt.id), history);
  }),

  check('settle: loses no callback that comes together with the push response', async (on) => {
    for (let round = 0; round < 10; round += 1) {
      const attempt = await on.sending();
      const accepted = on.accepted();
      await Promise.all([
        on.settle(attempt, on.paid(accepted), { store: on.other }),
        on.settle(attempt, accepted),
      ]);
      assert.equal((await on.found(attempt)).status, 'completed', `round ${round}`);
    }
  }),

  check('settle: quarantines what had to wait and contradicts the push response', async (on) => {
    const attempt = await on.sending();
    await on.settle(attempt, on.paid({ merchantRequestId: 'm', checkoutRequestId: 'c' }));
    const { attempt: settled } = await on.settle(attempt, on.accepted());
    assert.equal(settled.status, 'pending');
    assert(settled.review.includes('id-mismatch'));
    const [last] = (await on.store.history(attempt.id)).slice(-1);
    assert.deepEqual([last?.kind, last?.callback], ['callback', 'quarantined']);
  }),

  check('settle: keeps what had to wait where the settlement fails', async (on) => {
    const attempt = await on.sending();
    const accepted = on.accepted();
    await on.settle(attempt, on.paid(accepted));
    const before = [await on.found(attempt), await on.store.history(attempt.id)];
    const failing = on.settle(attempt, accepted, {
      decide: (current, evidence, facts) => {
        if (evidence.kind === 'callback') throw new Error('out of memory');
        return decideByDefault(current, evidence, facts);
      },
    });
    await assert.rejects(failing, /out of memory/);
    assert.deepEqual([await on.found(attempt), await on.store.history(attempt.id)], before);
    assert.equal((await on.settle(attempt, accepted)).attempt.status, 'completed');
  }),
];
