import assert from 'node:assert/strict';
import type { QuarantinedCallback } from '../../attempts/attempt-store.js';
import { check, type StoreConformanceCheck } from './store-conformance-check.js';
import { SHORT_MS, sha256, tally, times } from './store-subject.js';

const quarantined = (change: Partial<QuarantinedCallback> = {}): QuarantinedCallback => ({
  problem: 'unknown-token',
  detail: 'no attempt has this callback token',
  sourceIp: '192.0.2.1',
  receivedAt: new Date('2026-11-24T09:00:00.123Z'),
  raw: ' {"Body": {"a": "\u{1f4b5} \\u0000 \\n"}} ',
  tokenHash: sha256('token'),
  ...change,
});

/** As long as a body is ever kept, of characters that take the most room. */
const LONGEST = '\u{1f4b5}'.repeat(4_096);

export const keptCallbacksChecks: readonly StoreConformanceCheck[] = [
  check('callbacks: keeps the body of each callback that came, once', async (on) => {
    const attempt = await on.sending();
    const accepted = on.accepted();
    const [early, wrong] = [on.callback(accepted, '1032'), on.paid(accepted, { amount: 99 })];
    const paid = { ...on.paid(accepted), raw: LONGEST };
    await on.settle(attempt, early);
    await on.settle(attempt, accepted);
    for (const callback of [wrong, paid, early, paid]) {
      await on.settle(attempt, callback, { store: on.other });
    }
    const kept = await on.store.callbacks(attempt.id);
    assert.deepEqual(
      kept.map(({ disposition, raw }) => [disposition, raw]),
      [
        ['deferred', early.raw],
        ['quarantined', wrong.raw],
        ['applied', paid.raw],
      ],
    );
    assert.deepEqual(await on.store.callbacks((await on.open()).id), []);
  }),

  check('callbacks: has the body decided with that was deferred', async (on) => {
    const attempt = await on.sending();
    const accepted = on.accepted();
    const early = on.paid(accepted);
    await on.settle(attempt, early);
    const seen: string[] = [];
    await on.settle(attempt, accepted, {
      decide: (current, evidence) => {
        if (evidence.kind === 'callback') seen.push(evidence.raw);
        return {
          attempt: { ...current, status: 'pending' },
          events: [],
          settlesOrder: false,
          callback: evidence.kind === 'callback' ? 'applied' : null,
        };
      },
    });
    assert.deepEqual(seen, [early.raw]);
  }),

  check('quarantine: keeps all of a callback, and lists the newest first', async (on) => {
    const callbacks = times(5, (i) => quarantined({ detail: `the ${i}.` }));
    callbacks.push(
      quarantined({ problem: 'malformed', sourceIp: null, raw: null, tokenHash: null }),
    );
    for (const callback of callbacks) await on.store.quarantine(callback);
    // What is at odds with its attempt is that one's history.
    const attempt = await on.pending();
    await on.settle(attempt, on.paid(attempt, { amount: 99 }));
    const listed = await on.other.listQuarantined({ limit: 10 });
    assert.deepEqual(
      listed.map((each) => ({ ...each, id: '' })),
      callbacks.map((callback) => ({ ...callback, id: '', replayedAt: null })).reverse(),
    );
    assert.equal(new Set(listed.map(({ id }) => id)).size, 6);
    const page = await on.store.listQuarantined({ limit: 2 });
    assert.deepEqual(page, listed.slice(0, 2));
    const after = page[1]?.id ?? '';
    assert.deepEqual(await on.store.listQuarantined({ limit: 10, after }), listed.slice(2));
  }),

  check('quarantine: changes no attempt', async (on) => {
    const attempt = await on.pending();
    await on.store.quarantine(quarantined({ tokenHash: attempt.tokenHash }));
    await on.advance(SHORT_MS);
    assert.deepEqual(await on.found(attempt), attempt);
    assert.equal((await on.store.history(attempt.id)).length, 1);
  }),

  check('quarantine: keeps the longest body', async (on) => {
    await on.store.quarantine(quarantined({ raw: LONGEST }));
    const [kept] = await on.store.listQuarantined({ limit: 1 });
    assert.equal(kept?.raw, LONGEST);
  }),

  check('quarantine: finds one by its id, and nothing by another', async (on) => {
    await on.store.quarantine(quarantined());
    const attempt = await on.pending();
    const [kept] = await on.store.listQuarantined({ limit: 10 });
    assert.deepEqual(await on.other.findQuarantined(kept?.id ?? ''), kept);
    for (const id of ['', '0', '999999', '-1', '1 OR 1=1', 'x'.repeat(500), attempt.id]) {
      assert.equal(await on.store.findQuarantined(id), null);
      assert.equal(await on.store.markReplayed(id), false);
    }
  }),

  check('markReplayed: lets one of many mark it, for good', async (on) => {
    await on.store.quarantine(quarantined());
    const [{ id } = { id: '' }] = await on.store.listQuarantined({ limit: 1 });
    const marks = await Promise.all(
      times(10, (i) => (i % 2 ? on.store : on.other).markReplayed(id)),
    );
    assert.deepEqual(tally(marks.map(String)), { true: 1, false: 9 });
    assert((await on.store.findQuarantined(id))?.replayedAt instanceof Date);
    assert.equal(await on.store.markReplayed(id), false);
  }),
];
