import type { AttemptRecord } from '../../../lib/attempts/attempt-record.js';
import type { Decision, StoreFacts } from '../../../lib/attempts/decision.js';
import type { Evidence } from '../../../lib/attempts/evidence.js';
import { describeResultCode } from '../../../lib/daraja/result-codes.js';
import {
  aCallback,
  aPaidCallback,
  aPendingAttempt,
  aQuery,
  aSendingAttempt,
  decided,
  IDS,
  NOW,
  T0,
} from '../../support/attempts.js';

const ERASED: Evidence = { kind: 'erased', by: 'ada', reason: 'asked for it' };

const eventOf = ({ events }: Decision, type: string) =>
  events.find((event) => event.type === type) as unknown as Record<string, unknown> | undefined;

describe('what a review is told', () => {
  it.each<[string, Evidence, Partial<StoreFacts>, object]>([
    ['an amount', aPaidCallback('UKO1AAAAAA', 99), {}, { expected: 100, received: 99 }],
    [
      'an id',
      aCallback('1032', {}, { merchantRequestId: 'm-2' }),
      {},
      { expected: 'm-1', received: 'm-2' },
    ],
    [
      'a receipt',
      aPaidCallback('UKO1AAAAAA'),
      { receiptOwner: 'attempt-2' },
      { receipt: 'UKO1AAAAAA', attempt: 'attempt-2' },
    ],
  ])('is what was wrong with %s', (_, evidence, facts, expected) => {
    const decision = decided(aPendingAttempt(), evidence, facts);
    expect(decision.callback).toBe('quarantined');
    expect(decision.attempt.status).toBe('pending');
    expect(eventOf(decision, 'stk.needs-review')).toMatchObject({ evidence: expected });
  });

  it('is not that a callback names its own receipt', () => {
    const decision = decided(aPendingAttempt(), aPaidCallback(), { receiptOwner: 'attempt-1' });
    expect(decision.attempt).toMatchObject({ status: 'completed', review: [] });
  });

  it('is not the amount of a callback that says it was not paid', () => {
    const decision = decided(aPendingAttempt(), aCallback('1032', { amount: 99 }));
    expect([decision.callback, decision.attempt.status]).toEqual(['applied', 'failed']);
  });
});

describe('what a failure is told with', () => {
  it.each(['1032', '1', '2001'])('is what the catalogue says of %s', (resultCode) => {
    const known = describeResultCode(resultCode);
    expect(eventOf(decided(aPendingAttempt(), aCallback(resultCode)), 'stk.failed')).toMatchObject({
      resultCode,
      reason: known.reason,
      customerMessage: known.customerMessage,
      retryable: known.retryable,
      retryAfterMs: known.retryAfterMs ?? null,
    });
  });
});

describe('an amount', () => {
  it.each([100, '100', '100.00'])('is paid by %j', (amount) => {
    const decision = decided(aPendingAttempt(), aPaidCallback('UKO1AAAAAA', amount));
    expect(decision.attempt.status).toBe('completed');
  });

  it.each([100.5, 99, 101, 0, -100, NaN, '1e2', '100.01', ' 100', '0x64', ''])(
    'is not paid by %j',
    (amount) => {
      const decision = decided(aPendingAttempt(), aPaidCallback('UKO1AAAAAA', amount));
      expect(decision.attempt.status).toBe('pending');
    },
  );
});

describe('a query', () => {
  it('without a code says nothing, whoever asked', () => {
    const decision = decided(aPendingAttempt(), aQuery(null));
    expect(decision.attempt).toMatchObject({ status: 'pending', heard: [], queryAnswered: true });
  });

  it('that was not answered leaves it noted so', () => {
    expect(decided(aPendingAttempt(), aQuery(null, false)).attempt.queryAnswered).toBe(false);
  });

  it('is remembered with its code', () => {
    const paid = decided(aPendingAttempt(), aQuery('0')).attempt;
    expect(paid).toMatchObject({ status: 'completed', heard: ['query:0'], paidAt: NOW });
    expect(decided(aPendingAttempt(), aQuery('1032')).attempt.heard).toEqual(['query:1032']);
    const again = decided(paid, aQuery('0'), { now: new Date(T0.getTime() + 9_000) });
    expect(again.attempt).toBe(paid);
  });

  it('proves nothing where the id came by a callback and is another attempt’s', () => {
    const learned = aPendingAttempt({ idsFrom: 'callback' });
    const facts = { checkoutRequestIdOwner: 'attempt-2' };
    const { attempt } = decided(learned, aQuery('0'), facts);
    expect(attempt.status).toBe('pending');
    expect(attempt.review).toContain('checkout-request-id-reused');
    const own = decided(aPendingAttempt(), aQuery('0'), facts);
    expect(own.attempt.status).toBe('completed');
  });
});

describe('ids that a callback brings', () => {
  it('are flagged where another attempt holds them', () => {
    const uncertain = aSendingAttempt({ status: 'uncertain' });
    const { attempt } = decided(uncertain, aCallback('1032'), {
      checkoutRequestIdOwner: 'attempt-2',
    });
    expect(attempt.review).toEqual(['ids-from-callback', 'checkout-request-id-reused']);
    expect(decided(uncertain, aCallback('1032')).attempt.review).toEqual(['ids-from-callback']);
  });
});

describe('personal data', () => {
  const ids = { ...IDS, checkoutRequestId: 'ws_CO_260920262019337712345678' };
  const pending = aPendingAttempt({ ...ids, metadata: { name: 'Wanjiku' } });
  const paidBy = (attempt: AttemptRecord) =>
    decided(attempt, aCallback('0', { amount: 100, receipt: 'UKO1AAAAAA' }, ids)).attempt;

  it('goes from what is final, and nothing else with it', () => {
    const paid = paidBy(pending);
    expect(decided(paid, ERASED)).toEqual({
      attempt: {
        ...paid,
        phoneNumber: '',
        checkoutRequestId: 'ws_CO_260920262019337*********',
        metadata: null,
        callbackUrl: null,
      },
      events: [],
      settlesOrder: false,
      callback: null,
    });
  });

  it.each<[string, AttemptRecord]>([
    ['is live', pending],
    ['holds its order', { ...paidBy(pending), orderSlot: 'order:order-1' }],
    ['has to be looked at', { ...paidBy(pending), review: ['second-receipt'] }],
    ['is looked at again', aPendingAttempt({ status: 'expired', settledAt: T0, nextCheckAt: NOW })],
  ])('stays with what %s', (_, attempt) => {
    expect(decided(attempt, ERASED).attempt.phoneNumber).toBe('254712345678');
  });

  it('gone, leaves ids that a late callback is told by, and no others', () => {
    const failed = decided(pending, aCallback('1032', {}, ids)).attempt;
    const erased = decided(failed, ERASED).attempt;
    expect(erased.phoneNumber).toBe('');
    expect(paidBy(erased)).toMatchObject({
      status: 'completed',
      late: true,
      receipt: 'UKO1AAAAAA',
    });
    const other = { ...ids, checkoutRequestId: 'ws_CO_260920262019338712345678' };
    const forged = decided(erased, aCallback('0', { amount: 100, receipt: 'UKO2AAAAAA' }, other));
    expect(forged).toMatchObject({ callback: 'quarantined', attempt: { status: 'failed' } });
  });
});
