import { historyEntry } from '../../../lib/attempts/attempt-history.js';
import type { Evidence } from '../../../lib/attempts/evidence.js';
import { aCallback, aPendingAttempt, aQuery, IDS, T0 } from '../../support/attempts.js';

const before = aPendingAttempt();
const failed = { ...before, status: 'failed' as const };
const by = { by: 'ada', reason: 'checked' };

describe('an entry of the history', () => {
  it.each<[Evidence, object]>([
    [{ kind: 'push-accepted', ...IDS }, { merchantRequestId: 'm-1' }],
    [
      { kind: 'push-refused', errorCode: '1', errorMessage: 'Bad', requestId: 'r' },
      { errorCode: '1', errorMessage: 'Bad', requestId: 'r' },
    ],
    [{ kind: 'not-sent', cause: 'dns', sends: 1 }, { cause: 'dns' }],
    [{ kind: 'push-unknown', cause: 'reset' }, { cause: 'reset' }],
    [aQuery('1032'), { resultCode: '1032', answered: true }],
    [{ kind: 'left-behind', version: 1 }, {}],
    [{ kind: 'deadline' }, {}],
    [{ kind: 'nudge' }, {}],
    [
      { kind: 'operator', to: 'failed', receipt: 'R', ...by },
      { to: 'failed', receipt: 'R', ...by },
    ],
    [
      { kind: 'review-ended', flags: ['unresolved'], ...by },
      { flags: ['unresolved'], ...by },
    ],
    [{ kind: 'erased', ...by }, by],
    [
      { ...aCallback('1032', { amount: 100, receipt: 'R' }), sourceIp: '10.0.0.1' },
      {
        resultCode: '1032',
        merchantRequestId: 'm-1',
        amount: 100,
        receipt: 'R',
        sourceIp: '10.0.0.1',
      },
    ],
    [
      { ...aCallback('1032'), replayed: by },
      {
        resultCode: '1032',
        merchantRequestId: 'm-1',
        amount: null,
        receipt: null,
        sourceIp: null,
        replayed: by,
      },
    ],
  ])('has what was learned: %j', (evidence, detail) => {
    expect(historyEntry(before, evidence, { attempt: failed, callback: null }, T0)).toEqual({
      at: T0,
      kind: evidence.kind,
      from: 'pending',
      to: 'failed',
      detail,
      callback: null,
    });
  });

  it('is not made of a look that only says when to look again', () => {
    const later = { ...before, nextCheckAt: T0, askAt: T0, askRank: 1, looks: 3, nudged: true };
    const entry = (attempt: typeof before) =>
      historyEntry(before, aQuery(null), { attempt, callback: null }, T0);
    expect(entry(before)).toBeNull();
    expect(entry(later)).toBeNull();
    expect(entry({ ...later, queryAnswered: true })).not.toBeNull();
  });

  it('is made of every callback', () => {
    const decision = { attempt: before, callback: 'quarantined' as const };
    expect(historyEntry(before, aCallback('0'), decision, T0)?.callback).toBe('quarantined');
  });
});
