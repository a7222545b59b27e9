import assert from 'node:assert/strict';
import type { AttemptRecord } from '../../attempts/attempt-record.js';
import { check, type StoreConformanceCheck } from './store-conformance-check.js';
import { LONG_MS, SHORT_MS, times, type StoreSubject } from './store-subject.js';

interface Ask {
  account?: string;
  askRank?: number;
  /** From now, in ms. */
  afterMs?: number;
}

/** An attempt that Daraja is to be asked about. */
async function toAsk(
  on: StoreSubject,
  { account = 'default', askRank = 3, afterMs = 0 }: Ask = {},
): Promise<AttemptRecord> {
  const attempt = await on.pending({ account });
  const { attempt: asked } = await on.settle(
    attempt,
    { kind: 'deadline' },
    {
      decide: (current, _evidence, { now }) => ({
        attempt: { ...current, askRank, askAt: new Date(now.getTime() + afterMs) },
        events: [],
        settlesOrder: false,
        callback: null,
      }),
    },
  );
  return asked;
}

const claim = (on: StoreSubject, account = 'default', leaseMs = LONG_MS) =>
  on.store.claimQuery({ account, leaseMs });

export const queryChecks: readonly StoreConformanceCheck[] = [
  check(
    'claimQuery: gives the lowest rank first, then the longest due, one at a time',
    async (on) => {
      const asks = [{ askRank: 3 }, { askRank: 2, afterMs: 5 }, { askRank: 2 }, { askRank: 0 }];
      const attempts: AttemptRecord[] = [];
      for (const ask of asks) attempts.push(await toAsk(on, ask));
      await toAsk(on, { askRank: 0, afterMs: LONG_MS });
      await on.advance(SHORT_MS);
      const [routine, again, older, noted] = attempts.map(({ id }) => id);
      const order: unknown[] = [];
      for (let i = 0; i < 5; i += 1) order.push((await claim(on))?.id);
      const twos = [again, older];
      if (Number(attempts[2]?.askAt) < Number(attempts[1]?.askAt)) twos.reverse();
      assert.deepEqual(order, [noted, ...twos, routine, undefined]);
    },
  ),

  check('claimQuery: gives it as it now is, and the look at the time where it was', async (on) => {
    const attempt = await toAsk(on);
    await on.advance(5);
    const claimed = await claim(on);
    assert(claimed?.askAt && attempt.askAt, 'there is one');
    assert(claimed.askAt.getTime() >= attempt.askAt.getTime() + LONG_MS, 'it is leased');
    assert.deepEqual(claimed.nextCheckAt, attempt.nextCheckAt);
    assert.deepEqual(await on.other.find(attempt.id), claimed);
  }),

  check('claimQuery: gives nobody what another one holds, until its lease ends', async (on) => {
    const due = await Promise.all(times(8, () => toAsk(on)));
    await on.advance(5);
    const claims = await Promise.all(
      times(16, (i) =>
        (i % 2 ? on.store : on.other).claimQuery({ account: 'default', leaseMs: SHORT_MS * 5 }),
      ),
    );
    const ids = claims.flatMap((claimed) => (claimed ? [claimed.id] : []));
    assert.equal(new Set(ids).size, ids.length, 'no attempt was given twice');
    await on.advance(SHORT_MS * 6);
    const again = new Set<string>();
    for (let next = await claim(on); next; next = await claim(on)) again.add(next.id);
    assert.deepEqual([...again].sort(), due.map(({ id }) => id).sort());
  }),

  check('claimQuery: keeps accounts apart, and forgets what is settled', async (on) => {
    const attempt = await toAsk(on, { account: 'one' });
    await on.advance(5);
    assert.equal(await claim(on, 'another'), null);
    await on.settle(attempt, { kind: 'query', resultCode: '0', answered: true });
    assert.equal(await claim(on, 'one'), null);
    assert.deepEqual(await on.other.accountsToAsk({ after: null, limit: 10 }), []);
  }),

  check('accountsToAsk: gives each account with a due query once, a page at a time', async (on) => {
    for (const account of ['b', 'a', 'c', 'b']) await toAsk(on, { account });
    await toAsk(on, { account: 'a', askRank: 0 });
    await toAsk(on, { account: 'later', afterMs: LONG_MS });
    await on.pending({ account: 'not asked about at all' });
    await on.advance(5);
    const first = await on.store.accountsToAsk({ after: null, limit: 2 });
    const rest = await on.other.accountsToAsk({ after: first.at(-1) ?? null, limit: 2 });
    assert.deepEqual([...first, ...rest], ['a', 'b', 'c']);
  }),
];
