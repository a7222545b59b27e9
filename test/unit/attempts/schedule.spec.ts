import type { AttemptRecord } from '../../../lib/attempts/attempt-record.js';
import type { EvidencePolicy } from '../../../lib/attempts/evidence-policy.js';
import type { Evidence } from '../../../lib/attempts/evidence.js';
import {
  aCallback,
  after,
  aPaidCallback,
  aPendingAttempt,
  aQuery,
  aSendingAttempt,
  decideWith,
  IDS,
  NO_FACTS,
  T0,
} from '../../support/attempts.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DEADLINE: Evidence = { kind: 'deadline' };
const ACCEPTED: Evidence = { kind: 'push-accepted', ...IDS };

const msOf = (at: Date | null): number | null => at && at.getTime() - T0.getTime();

function at(
  ms: number,
  attempt: AttemptRecord,
  evidence: Evidence,
  policy: Partial<EvidencePolicy> = {},
): AttemptRecord {
  return decideWith(policy)(attempt, evidence, { ...NO_FACTS, now: after(ms) }).attempt;
}

const aLook = (spread = 1, counts = true): Evidence => ({
  ...aQuery('4999'),
  scheduled: { counts, spread },
});

/** Every look at an attempt that Daraja never says anything final about, as ms after the push. */
function looksAt(start: AttemptRecord, spread = 1): number[] {
  const times: number[] = [];
  let attempt = start;
  while (attempt.askAt) {
    const now = msOf(attempt.askAt)!;
    times.push(now);
    attempt = at(now, attempt, aLook(spread));
  }
  return times;
}

const pushed = () => at(0, aSendingAttempt(), ACCEPTED);

describe('the next query', () => {
  it('comes after 15 s, then after twice the time, at each deadline, and every hour at last', () => {
    const times = looksAt(pushed());
    expect(times.slice(0, 6)).toEqual([15_000, 45_000, 105_000, 225_000, 300_000, 780_000]);
    const distances = times.map((ms, i) => ms - (times[i - 1] ?? 0));
    expect(Math.max(...distances)).toBe(HOUR);
    expect(times.at(-1)).toBe(48 * HOUR);
    expect(times.length).toBeLessThan(70);
  });

  it.each([0.8, 1.2])('comes out of step with others, by a spread of %d', (spread) => {
    const [first, second = 0, third = 0] = looksAt(pushed(), spread);
    expect([first, second - 15_000, third - second]).toEqual([
      15_000,
      30_000 * spread,
      60_000 * spread,
    ]);
    const times = looksAt(pushed(), spread);
    expect(times).toContain(5 * MINUTE);
    expect(times.every((ms, i) => ms - (times[i - 1] ?? 0) <= HOUR)).toBe(true);
  });

  it('is left where it was by a look by hand', () => {
    const attempt = pushed();
    expect(at(10_000, attempt, aQuery('4999'))).toMatchObject({ looks: 0, askAt: after(15_000) });
  });

  it('does not count where Daraja refused to take it', () => {
    const attempt = at(20_000, pushed(), { ...aLook(1, false), answered: false } as Evidence);
    expect(attempt).toMatchObject({ looks: 0, askAt: after(20_000), status: 'pending' });
  });

  it('is at once for a success that waits for its confirmation', () => {
    const policy = { confirmation: () => 'query' as const };
    const noted = at(20_000, at(15_000, pushed(), aLook()), aPaidCallback(), policy);
    expect(noted).toMatchObject({ askAt: after(20_000), askRank: 0, looks: 1 });
    const rankOf = (attempt: AttemptRecord) => attempt.askRank ?? NaN;
    const uncertain = at(1_000, aSendingAttempt(), { kind: 'push-unknown', cause: 'timeout' });
    const withIds = at(2_000, uncertain, aCallback('26'));
    const again = at(15_000, pushed(), aLook());
    const ranks = [noted, withIds, again, pushed()].map(rankOf);
    expect(ranks).toEqual([...ranks].sort());
    expect(new Set(ranks).size).toBe(4);
  });

  it('is pulled forward once by what is not to be trusted', () => {
    const nudged = at(2_000, pushed(), { kind: 'nudge' });
    expect(nudged).toMatchObject({ askAt: after(2_000), askRank: pushed().askRank, nudged: true });
    const looked = at(3_000, nudged, aLook());
    expect(at(4_000, looked, { kind: 'nudge' })).toBe(looked);
  });

  it.each<[string, () => AttemptRecord, Partial<EvidencePolicy>]>([
    ['what was paid', () => at(1, pushed(), aPaidCallback()), {}],
    ['what was not paid', () => at(1, pushed(), aCallback('1032')), {}],
    [
      'what has no ids',
      () => at(1, aSendingAttempt(), { kind: 'push-unknown', cause: 'reset' }),
      {},
    ],
    ['what is sent just now', () => at(1, aSendingAttempt(), DEADLINE), {}],
    ['anything, where that is turned off', aPendingAttempt, { scheduledQueries: false }],
  ])('does not come for %s', (_name, attempt, policy) => {
    const { askAt, askRank } = at(2, attempt(), aQuery('4999'), policy);
    expect({ askAt, askRank }).toEqual({ askAt: null, askRank: null });
  });
});

describe('the next look at the time', () => {
  const nextOf = (attempt: AttemptRecord) => msOf(attempt.nextCheckAt);

  it('is when the time alone decides: the wait for a query is over at twice the deadline', () => {
    expect(nextOf(pushed())).toBe(10 * MINUTE);
    const expired = at(10 * MINUTE, pushed(), DEADLINE);
    expect(expired).toMatchObject({ status: 'expired', askAt: after(15_000) });
    expect(nextOf(expired)).toBe(48 * HOUR + 5 * MINUTE);
    const givenUp = at(48 * HOUR + 5 * MINUTE, expired, DEADLINE);
    expect(givenUp).toMatchObject({ review: ['unresolved'], nextCheckAt: null, askAt: null });
  });

  it('is the deadline itself for what nobody can be asked about', () => {
    const uncertain = at(1_000, aSendingAttempt(), { kind: 'push-unknown', cause: 'reset' });
    expect(nextOf(uncertain)).toBe(5 * MINUTE);
    const expired = at(5 * MINUTE, uncertain, DEADLINE);
    expect(expired.status).toBe('expired');
    expect(nextOf(expired)).toBe(48 * HOUR);
    expect(at(48 * HOUR, expired, DEADLINE)).toMatchObject({ review: ['unresolved'] });
  });

  it('goes on where the success that was given up on turns out to be of another push', () => {
    const uncertain = at(0, aSendingAttempt(), { kind: 'push-unknown', cause: 'timeout' });
    const other = { merchantRequestId: 'm-2', checkoutRequestId: 'ws_CO_2' };
    const noted = at(1_000, uncertain, aCallback('0', { amount: 100 }, other));
    const givenUp = at(49 * HOUR, noted, DEADLINE);
    expect(givenUp).toMatchObject({ status: 'uncertain', nextCheckAt: null });
    const accepted = at(49 * HOUR, givenUp, ACCEPTED);
    expect(accepted.nextCheckAt).not.toBeNull();
    expect(at(50 * HOUR, accepted, DEADLINE)).toMatchObject({ status: 'expired', askAt: null });
  });

  it('flags a success without its confirmation at the deadline, and once', () => {
    const policy = { confirmation: () => 'query' as const };
    const noted = at(20_000, pushed(), aPaidCallback(), policy);
    expect(nextOf(noted)).toBe(5 * MINUTE);
    const flagged = at(5 * MINUTE, noted, DEADLINE, policy);
    expect(flagged).toMatchObject({ status: 'pending', review: ['unconfirmed-success'] });
    expect(flagged.askAt).toEqual(noted.askAt);
    expect(nextOf(flagged)).toBe(48 * HOUR + 5 * MINUTE);
  });

  it('always is in the future, or never comes: whatever it finds, it does not come at once again', () => {
    for (const start of [pushed(), aPendingAttempt({ checkoutRequestId: null })]) {
      let attempt = at(0, start, DEADLINE);
      let now = -1;
      for (let looks = 0; attempt.nextCheckAt; looks += 1) {
        expect(msOf(attempt.nextCheckAt)).toBeGreaterThan(now);
        expect(looks).toBeLessThan(5);
        now = msOf(attempt.nextCheckAt)!;
        attempt = at(now, attempt, DEADLINE);
      }
    }
  });
});
