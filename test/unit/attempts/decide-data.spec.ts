import type { AttemptRecord } from '../../../lib/attempts/attempt-record.js';
import type { Decision } from '../../../lib/attempts/decision.js';
import type { Evidence, OperatorDecision } from '../../../lib/attempts/evidence.js';
import {
  aCallback,
  after,
  anAttempt,
  aPaidCallback,
  aPendingAttempt,
  aQuery,
  aSendingAttempt,
  decided,
  IDS,
  NOW,
  POLICY,
  T0,
} from '../../support/attempts.js';

const { expireAfterMs, giveUpAfterMs } = POLICY;

/** What each event carries of its own. */
const told = ({ events }: Decision) =>
  events.map((event) => {
    const { id, attemptId, account, orderId, occurredAt, metadata, ...own } =
      event as unknown as Record<string, unknown>;
    expect({ attemptId, account, occurredAt, metadata }).toMatchObject({ attemptId: 'attempt-1' });
    expect(String(id)).toContain(event.type);
    expect(orderId).toBe('order-1');
    return { type: event.type, ...own };
  });

const completed = (change: Partial<AttemptRecord> = {}) =>
  aPendingAttempt({
    status: 'completed',
    confirmedBy: 'callback',
    receipt: 'UKO1AAAAAA',
    heard: ['callback:0'],
    orderSlot: null,
    settledAt: T0,
    paidAt: T0,
    ...change,
  });

const operator = (to: OperatorDecision['to'], receipt: string | null = null): OperatorDecision => ({
  kind: 'operator',
  to,
  reason: 'seen in the portal',
  by: 'ada',
  receipt,
});

const needsReview = (flag: string, status: string, evidence: object) => ({
  type: 'stk.needs-review',
  flag,
  status,
  evidence,
});

describe('answers that contradict each other', () => {
  const failed = aPendingAttempt({
    status: 'failed',
    heard: ['callback:1032'],
    told: 'failed',
    orderSlot: null,
    settledAt: T0,
    resultCode: '1032',
    reason: 'cancelled',
  });

  it('are named, both of callbacks', () => {
    const decision = decided(failed, aPaidCallback());
    expect(decision.attempt.review).toEqual(['callback-conflict']);
    expect(told(decision)).toContainEqual(
      needsReview('callback-conflict', 'completed', { heard: ['callback:1032', 'callback:0'] }),
    );
  });

  it('are named, of a callback and a query', () => {
    const decision = decided(failed, aQuery('0'));
    expect(decision.attempt.review).toEqual(['query-conflict']);
    expect(told(decision)).toContainEqual(
      needsReview('query-conflict', 'completed', { heard: ['callback:1032', 'query:0'] }),
    );
  });

  it('are noted where both are failures, and those of the same code are not', () => {
    expect(decided(failed, aQuery('1037')).attempt.review).toEqual(['result-code-differs']);
    expect(decided(failed, aQuery('1032')).attempt.review).toEqual([]);
  });

  it('are named where a person had said that it was paid', () => {
    const byHand = completed({ confirmedBy: 'operator', heard: [] });
    for (const [evidence, flag, answer] of [
      [aCallback('1032'), 'callback-conflict', 'callback:1032'],
      [aQuery('1032'), 'query-conflict', 'query:1032'],
    ] as const) {
      const decision = decided(byHand, evidence);
      expect(decision.attempt).toMatchObject({ status: 'completed', review: [flag] });
      expect(told(decision)).toEqual([
        needsReview(flag, 'completed', { heard: ['operator:0', answer] }),
      ]);
    }
    expect(decided(byHand, aPaidCallback()).attempt.review).toEqual([]);
    expect(decided(completed({ heard: [] }), aQuery('1032')).attempt.review).toEqual([]);
  });
});

describe('a payment', () => {
  it('is told with what was paid', () => {
    expect(told(decided(aPendingAttempt(), aPaidCallback()))).toEqual([
      {
        type: 'stk.completed',
        amount: 100,
        receipt: 'UKO1AAAAAA',
        paidAt: after(20_000),
        confirmedBy: 'callback',
      },
    ]);
  });

  it('of an order that another attempt has paid is a duplicate', () => {
    const decision = decided(aPendingAttempt(), aPaidCallback(), { settledBy: 'attempt-2' });
    expect(decision.settlesOrder).toBe(false);
    expect(told(decision)).toEqual([
      {
        type: 'stk.duplicate-payment',
        amount: 100,
        receipt: 'UKO1AAAAAA',
        paidAttemptId: 'attempt-2',
      },
    ]);
  });

  it('that comes after another end is late, and says which', () => {
    const expired = aPendingAttempt({ status: 'expired', told: 'expired', orderSlot: null });
    const decision = decided(expired, aPaidCallback(), { settledBy: 'attempt-1' });
    expect(decision.settlesOrder).toBe(true);
    expect(told(decision)).toEqual([
      {
        type: 'stk.completed-late',
        amount: 100,
        receipt: 'UKO1AAAAAA',
        paidAt: after(20_000),
        confirmedBy: 'callback',
        previousStatus: 'expired',
      },
    ]);
  });

  it('is told once', () => {
    const again = decided(completed(), aPaidCallback());
    expect(again).toMatchObject({ events: [], settlesOrder: false });
    expect(again.attempt.review).toEqual([]);
  });

  it('gets its receipt from the callback after a query, and keeps its time', () => {
    const byQuery = completed({ confirmedBy: 'query', heard: ['query:0'], receipt: null });
    const decision = decided(byQuery, aCallback('0', { amount: 100, receipt: 'UKO1BBBBBB' }));
    expect(decision.attempt).toMatchObject({ receipt: 'UKO1BBBBBB', paidAt: T0 });
    expect(told(decision)).toEqual([{ type: 'stk.receipt-received', receipt: 'UKO1BBBBBB' }]);
    const timed = decided(byQuery, aPaidCallback('UKO1BBBBBB'));
    expect(timed.attempt.paidAt).toEqual(after(20_000));
  });

  it('has one receipt: a second is for somebody to look at', () => {
    const decision = decided(completed(), aPaidCallback('UKO1BBBBBB'));
    expect(decision.attempt).toMatchObject({ receipt: 'UKO1AAAAAA', review: ['second-receipt'] });
    expect(told(decision)).toEqual([
      needsReview('second-receipt', 'completed', { first: 'UKO1AAAAAA', second: 'UKO1BBBBBB' }),
    ]);
  });

  it('without an amount is noted, and a second receipt of it is seen', () => {
    const first = decided(aPendingAttempt(), aCallback('0', { receipt: 'UKO1AAAAAA', paidAt: T0 }));
    expect(first.attempt.noted).toEqual({ receipt: 'UKO1AAAAAA', paidAt: T0 });
    const bare = decided(first.attempt, aCallback('0', {}));
    expect(bare.attempt).toMatchObject({ noted: first.attempt.noted, review: [] });
    const second = decided(
      first.attempt,
      aCallback('0', { receipt: 'UKO1BBBBBB', paidAt: after(5_000) }),
    );
    expect(second.attempt.noted).toEqual({ receipt: 'UKO1AAAAAA', paidAt: T0 });
    expect(told(second)).toEqual([
      needsReview('second-receipt', 'pending', { first: 'UKO1AAAAAA', second: 'UKO1BBBBBB' }),
    ]);
    const same = decided(first.attempt, aCallback('0', { receipt: 'UKO1AAAAAA' }));
    expect(same.attempt.review).toEqual([]);
  });

  it('that a query confirms takes the noted receipt, unless it is another attempt’s', () => {
    const noted = aPendingAttempt({
      heard: ['callback:0'],
      noted: { receipt: 'UKO1AAAAAA', paidAt: after(20_000) },
    });
    expect(decided(noted, aQuery('0')).attempt).toMatchObject({
      receipt: 'UKO1AAAAAA',
      paidAt: after(20_000),
    });
    expect(decided(noted, aQuery('0'), { receiptOwner: 'attempt-1' }).attempt.receipt).toBe(
      'UKO1AAAAAA',
    );
    const stolen = decided(noted, aQuery('0'), { receiptOwner: 'attempt-2' });
    expect(stolen.attempt).toMatchObject({ status: 'completed', receipt: null });
    expect(told(stolen)).toContainEqual(
      needsReview('receipt-reused', 'completed', { receipt: 'UKO1AAAAAA', attempt: 'attempt-2' }),
    );
    expect(
      decided(aPendingAttempt(), aQuery('0'), { receiptOwner: 'attempt-2' }).attempt.review,
    ).toEqual([]);
  });
});

describe('what a callback brings that is not known', () => {
  it('is flagged, and asked about at once', () => {
    const { attempt, events } = decided(aPendingAttempt(), aCallback('TP40087'));
    expect(attempt).toMatchObject({ askAt: NOW, review: ['unknown-result-code'] });
    expect(events).toEqual([]);
  });

  it('does not put off a query that is due', () => {
    const due = aPendingAttempt({ askAt: T0, askRank: 3 });
    expect(decided(due, aCallback('TP40087')).attempt.askAt).toEqual(T0);
    const unasked = aPendingAttempt({ checkoutRequestId: null });
    expect(decided(unasked, aQuery(null)).attempt.askAt).toBeNull();
  });

  it('is told with the attempt that holds the id', () => {
    const owner = { checkoutRequestIdOwner: 'attempt-2' };
    const expected = (status: string) =>
      needsReview('checkout-request-id-reused', status, { attempt: 'attempt-2' });
    const uncertain = aSendingAttempt({ status: 'uncertain' });
    expect(told(decided(uncertain, aCallback('1032'), owner))).toContainEqual(expected('failed'));
    const learned = aPendingAttempt({ idsFrom: 'callback' });
    expect(told(decided(learned, aQuery('0'), owner))).toContainEqual(expected('pending'));
    const accepted: Evidence = { kind: 'push-accepted', ...IDS };
    expect(told(decided(aSendingAttempt(), accepted, owner))).toContainEqual(expected('pending'));
  });
});

describe('a push', () => {
  const accepted: Evidence = { kind: 'push-accepted', ...IDS };

  it('that was taken is told with its id', () => {
    expect(told(decided(aSendingAttempt(), accepted))).toEqual([
      { type: 'stk.prompted', merchantRequestId: 'm-1' },
    ]);
  });

  it.each<[string, Evidence, object]>([
    [
      'refused',
      { kind: 'push-refused', errorCode: '400.002.02', errorMessage: 'Bad', requestId: 'r-1' },
      { cause: 'refused', errorCode: '400.002.02', message: 'Bad' },
    ],
    [
      'not sent',
      { kind: 'not-sent', cause: 'dns', sends: 1 },
      { cause: 'not-sent', errorCode: null, message: 'dns' },
    ],
  ])('that was %s is told with the cause', (_, evidence, own) => {
    const decision = decided(aSendingAttempt(), evidence);
    expect(decision.attempt).toMatchObject({ status: 'rejected', orderSlot: null, askAt: null });
    expect(told(decision)).toEqual([{ type: 'stk.rejected', ...own }]);
  });

  it('that was refused though a callback says paid bars its order, and is asked about', () => {
    const uncertain = aSendingAttempt({ status: 'uncertain', ...IDS, idsFrom: 'callback' });
    const noted = decided(uncertain, aCallback('0', { receipt: 'UKO1AAAAAA' })).attempt;
    const refused = decided(
      { ...noted, askAt: after(90_000) },
      { kind: 'push-refused', errorCode: null, errorMessage: 'Bad', requestId: null },
    );
    expect(refused.attempt).toMatchObject({
      status: 'rejected',
      orderSlot: 'order:order-1',
      askAt: NOW,
    });
    expect(refused.events).toEqual([]);
  });

  it('whose outcome is unknown is told with the cause', () => {
    const decision = decided(aSendingAttempt(), { kind: 'push-unknown', cause: 'headers-timeout' });
    expect(told(decision)).toEqual([{ type: 'stk.outcome-unknown', cause: 'headers-timeout' }]);
  });

  it('that was left behind was sent if it was claimed', () => {
    const left = { kind: 'left-behind', version: 1 } as const;
    expect(told(decided(aSendingAttempt(), left))).toEqual([
      { type: 'stk.outcome-unknown', cause: 'left-behind' },
    ]);
    expect(told(decided(anAttempt(), left))).toEqual([
      {
        type: 'stk.rejected',
        cause: 'not-sent',
        errorCode: null,
        message: 'Not sent in time, and given up.',
      },
    ]);
    const later = aPendingAttempt();
    expect(decided(later, left).attempt.status).toBe('pending');
  });

  it('is looked at again as the claim said, until it is sent', () => {
    const claimed = aSendingAttempt({ nextCheckAt: after(77_000), checkoutRequestId: 'ws_CO_1' });
    const { attempt } = decided(claimed, aCallback('0'));
    expect(attempt).toMatchObject({ nextCheckAt: after(77_000), askAt: null, askRank: null });
  });

  it('takes back what a callback said that was about another', () => {
    const uncertain = aSendingAttempt({
      status: 'uncertain',
      merchantRequestId: 'm-9',
      checkoutRequestId: 'ws_CO_1',
      idsFrom: 'callback',
      heard: ['query:1032', 'callback:0'],
      noted: { receipt: null, paidAt: null },
    });
    const decision = decided(uncertain, accepted);
    expect(decision.attempt).toMatchObject({ noted: null, heard: ['query:1032'], ...IDS });
    expect(told(decision)).toContainEqual(
      needsReview('id-mismatch', 'pending', { expected: 'm-1', received: 'm-9' }),
    );
  });
});

describe('the deadline', () => {
  const look = (attempt: AttemptRecord, ms: number, accountGone?: boolean) =>
    decided(attempt, { kind: 'deadline', accountGone }, { now: after(ms) });

  it('of an account that is gone is for somebody to look at, and not before', () => {
    expect(look(aPendingAttempt(), expireAfterMs - 1, true).attempt.review).toEqual([]);
    expect(look(aPendingAttempt(), expireAfterMs, false).attempt.review).toEqual([]);
    expect(told(look(aPendingAttempt(), expireAfterMs, true))).toEqual([
      needsReview('account-gone', 'pending', { account: 'default' }),
    ]);
  });

  it('is told with whether Daraja had answered', () => {
    for (const queryAnswered of [true, false]) {
      const decision = look(aPendingAttempt({ queryAnswered }), 2 * expireAfterMs);
      expect(told(decision)).toEqual([{ type: 'stk.expired', queryAnswered }]);
    }
  });

  it('of a noted success is for somebody to look at, and not before', () => {
    const noted = aPendingAttempt({ heard: ['callback:0'] });
    expect(look(noted, expireAfterMs - 1).attempt.review).toEqual([]);
    const decision = look(noted, expireAfterMs);
    expect(decision.attempt.status).toBe('pending');
    expect(told(decision)).toEqual([
      needsReview('unconfirmed-success', 'pending', { noted: true }),
    ]);
    const failed = { ...noted, status: 'failed' as const };
    expect(look(failed, expireAfterMs).attempt.review).toEqual([]);
  });

  it('gives up after two days on what has expired, and on nothing else', () => {
    const long = giveUpAfterMs + expireAfterMs;
    const expired = aPendingAttempt({ status: 'expired', queryAnswered: true });
    expect(told(look(expired, long))).toEqual([
      needsReview('unresolved', 'expired', { queryAnswered: true }),
    ]);
    const failed = aPendingAttempt({ status: 'failed', heard: ['callback:1032'] });
    expect(look(failed, long).attempt.review).toEqual([]);
  });
});

describe('a person’s word', () => {
  it('completes without a result code, with the time and receipt that were noted', () => {
    const noted = aPendingAttempt({
      heard: ['callback:0'],
      noted: { receipt: 'UKO1AAAAAA', paidAt: after(20_000) },
    });
    expect(decided(noted, operator('completed')).attempt).toMatchObject({
      status: 'completed',
      confirmedBy: 'operator',
      resultCode: null,
      receipt: 'UKO1AAAAAA',
      paidAt: after(20_000),
    });
    const nothing = decided(aPendingAttempt(), operator('completed'));
    expect(nothing.attempt).toMatchObject({ receipt: null, paidAt: NOW });
  });

  it('adds a receipt to what is completed, and nothing where there is none', () => {
    const bare = completed({ receipt: null });
    expect(told(decided(bare, operator('completed', 'UKO1BBBBBB')))).toEqual([
      { type: 'stk.receipt-received', receipt: 'UKO1BBBBBB' },
    ]);
    expect(decided(bare, operator('completed')).attempt.receipt).toBeNull();
    expect(decided(bare, operator('completed')).events).toEqual([]);
  });

  it.each<[OperatorDecision['to'], object]>([
    ['failed', { type: 'stk.failed', reason: 'unknown', resultCode: null }],
    [
      'rejected',
      {
        type: 'stk.rejected',
        cause: 'not-sent',
        errorCode: null,
        message: 'seen in the portal',
      },
    ],
    ['expired', { type: 'stk.expired', queryAnswered: false }],
  ])('makes it %s, and says so', (to, event) => {
    const uncertain = aSendingAttempt({ status: 'uncertain', review: ['unresolved'] });
    const decision = decided(uncertain, operator(to));
    expect(decision.attempt).toMatchObject({
      status: to,
      orderSlot: null,
      settledAt: NOW,
      reviewed: ['unresolved'],
    });
    expect(told(decision)).toEqual([expect.objectContaining(event)]);
  });

  it('ends a hold, once', () => {
    const held = aPendingAttempt({
      status: 'failed',
      resultCode: '1',
      reason: 'insufficient-funds',
    });
    const decision = decided(held, operator('failed'));
    expect(decision.attempt).toMatchObject({ orderSlot: null, told: 'failed' });
    expect(told(decision)).toHaveLength(1);
    const free = { ...held, orderSlot: null };
    const again = decided(free, operator('failed'));
    expect([again.attempt, again.events]).toEqual([free, []]);
    const paid = completed({ orderSlot: 'order:order-1' });
    expect(decided(paid, operator('failed')).attempt).toBe(paid);
  });

  it('ends the reviews that it names, each once', () => {
    const odd = aPendingAttempt({
      review: ['amount-mismatch', 'id-mismatch', 'unresolved'],
      reviewed: ['unresolved'],
    });
    const end = (attempt: AttemptRecord, flags: AttemptRecord['review']) =>
      decided(attempt, { kind: 'review-ended', flags, reason: 'checked', by: 'ada' }).attempt;
    const ended = end(odd, ['id-mismatch', 'unresolved']);
    expect(ended.reviewed).toEqual(['unresolved', 'id-mismatch']);
    expect(end(ended, ['id-mismatch']).reviewed).toBe(ended.reviewed);
  });
});
