import type { AttemptRecord } from '../../../lib/attempts/attempt-record.js';
import type { CallbackReceived, Evidence } from '../../../lib/attempts/evidence.js';
import { settle } from '../../../lib/attempts/settle.js';
import {
  aCallback,
  aPaidCallback,
  aPendingAttempt,
  aSendingAttempt,
  decideWith,
  IDS,
  NO_FACTS,
  T0,
} from '../../support/attempts.js';

/** Settles in a transaction with these callbacks in it, and notes what it was asked. */
async function settled(attempt: AttemptRecord, evidence: Evidence, deferred: CallbackReceived[]) {
  let askedForDeferred = 0;
  const seenSettledBy: (string | null)[] = [];
  const result = await settle(
    {
      facts: () => Promise.resolve({ now: T0, ...NO_FACTS }),
      deferredCallbacks: () => {
        askedForDeferred += 1;
        return Promise.resolve(deferred);
      },
    },
    attempt,
    evidence,
    (current, piece, facts) => {
      seenSettledBy.push(facts.settledBy);
      return decideWith()(current, piece, facts);
    },
  );
  return { result, askedForDeferred, seenSettledBy };
}

const accepted: Evidence = { kind: 'push-accepted', ...IDS };

it('decides with the answer to the push the callbacks that waited for it', async () => {
  const paid = aPaidCallback();
  const again = aPaidCallback();
  const { result, seenSettledBy } = await settled(aSendingAttempt(), accepted, [paid, again]);
  expect(result.attempt).toMatchObject({ status: 'completed', receipt: 'UKO1AAAAAA' });
  expect(result.settlesOrder).toBe(true);
  expect(result.events.map(({ type }) => type)).toEqual(['stk.prompted', 'stk.completed']);
  expect(result.undeferred).toEqual([
    { callback: paid, disposition: 'applied' },
    { callback: again, disposition: 'applied' },
  ]);
  expect(result.history.map(({ kind, to }) => [kind, to])).toEqual([
    ['push-accepted', 'pending'],
    ['callback', 'completed'],
    ['callback', 'completed'],
  ]);
  // The second one is decided as after the first one's commit.
  expect(seenSettledBy).toEqual([null, null, 'attempt-1']);
});

it('settles no order by callbacks that do not say that it was paid', async () => {
  const { result } = await settled(aSendingAttempt(), accepted, [aCallback('1032')]);
  expect(result).toMatchObject({ settlesOrder: false, attempt: { status: 'failed' } });
});

it.each([
  ['is still being sent', aSendingAttempt(), aPaidCallback()],
  ['was sent before', aPendingAttempt(), aPaidCallback()],
])('asks for no such callbacks where the attempt %s', async (_, attempt, evidence) => {
  const { result, askedForDeferred } = await settled(attempt, evidence, []);
  expect(askedForDeferred).toBe(0);
  expect(result.undeferred).toEqual([]);
  expect(result.history).toHaveLength(1);
});
