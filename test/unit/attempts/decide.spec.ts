import type { AttemptRecord } from '../../../lib/attempts/attempt-record.js';
import type { StoreFacts } from '../../../lib/attempts/decision.js';
import type { EvidencePolicy, StkSuccessEvidence } from '../../../lib/attempts/evidence-policy.js';
import type { Evidence, OperatorDecision } from '../../../lib/attempts/evidence.js';
import {
  aCallback,
  after,
  anAttempt,
  aPaidCallback,
  aPendingAttempt,
  aQuery,
  aSendingAttempt,
  decideWith,
  IDS,
  NO_FACTS,
} from '../../support/attempts.js';

const ACCEPTED: Evidence = { kind: 'push-accepted', ...IDS };
const UNKNOWN: Evidence = { kind: 'push-unknown', cause: 'timeout' };
const NOT_SENT: Evidence = { kind: 'not-sent', cause: 'connection-refused', sends: 1 };
const REFUSED: Evidence = {
  kind: 'push-refused',
  errorCode: '400.002.02',
  errorMessage: 'Bad Request - Invalid PhoneNumber',
  requestId: 'r-1',
};
const DEADLINE: Evidence = { kind: 'deadline' };
const QUERY_FIRST: Partial<EvidencePolicy> = { confirmation: () => 'query' };

function run(
  attempt: AttemptRecord,
  evidence: Evidence | Evidence[],
  { policy = {}, ...facts }: Partial<StoreFacts> & { policy?: Partial<EvidencePolicy> } = {},
) {
  const decide = decideWith(policy);
  const events: string[] = [];
  let current = attempt;
  let settledBy = facts.settledBy ?? null;
  let callback = null;
  for (const piece of [evidence].flat()) {
    const decision = decide(current, piece, {
      now: after(1_000),
      ...NO_FACTS,
      ...facts,
      settledBy,
    });
    current = decision.attempt;
    callback = decision.callback;
    if (decision.settlesOrder) settledBy = current.id;
    events.push(...decision.events.map((event) => event.id.slice('attempt-1:stk.'.length)));
  }
  return { attempt: current, events, callback };
}

describe('what the push brought', () => {
  it('is pending once Daraja accepts', () => {
    const { attempt, events } = run(aSendingAttempt(), ACCEPTED);
    expect(attempt).toMatchObject({ status: 'pending', ...IDS, idsFrom: 'response' });
    expect(attempt.orderSlot).toBe('order:order-1');
    expect(attempt.promptedAt).toEqual(after(1_000));
    expect(attempt.askAt).toEqual(after(16_000));
    expect(attempt.nextCheckAt).toEqual(after(600_000));
    expect(events).toEqual(['prompted']);
  });

  it('stores the ids and says no more where the callback was faster', () => {
    const uncertain = run(aSendingAttempt(), [UNKNOWN, aPaidCallback()]).attempt;
    const { attempt, events } = run(uncertain, ACCEPTED);
    expect(attempt).toMatchObject({ status: 'completed', idsFrom: 'response', ...IDS });
    expect(events).toEqual([]);
  });

  it.each([REFUSED, NOT_SENT])('is rejected, and frees slot and key, on %j', (evidence) => {
    const { attempt, events } = run(aSendingAttempt({ idempotencyKey: 'k' }), evidence);
    expect(attempt).toMatchObject({ status: 'rejected', orderSlot: null, idempotencyKey: null });
    expect(attempt.settledAt).toEqual(after(1_000));
    expect(events).toEqual(['rejected']);
  });

  it('is uncertain, and holds its slot, on anything else', () => {
    const { attempt, events } = run(aSendingAttempt(), UNKNOWN);
    expect(attempt).toMatchObject({ status: 'uncertain', orderSlot: 'order:order-1' });
    expect(attempt.nextCheckAt).toEqual(after(300_000));
    expect(events).toEqual(['outcome-unknown']);
  });

  it('was not sent where it was left behind before its claim, and may have been after it', () => {
    const leftBehind = (version: number): Evidence => ({ kind: 'left-behind', version });
    expect(run(anAttempt({ version: 3 }), leftBehind(3)).events).toEqual(['rejected']);
    const sending = aSendingAttempt({ version: 4 });
    expect(run(sending, leftBehind(4)).events).toEqual(['outcome-unknown']);
    // Claimed by somebody after it was found left behind: their push is going out.
    expect(run(sending, leftBehind(3)).attempt).toBe(sending);
  });

  it('stays as it is where somebody else has claimed a send since', () => {
    const claimedSince = aSendingAttempt({ sends: 2 });
    expect(run(claimedSince, NOT_SENT).attempt).toBe(claimedSince);
  });

  it('takes the ids of the response over those of a callback, and what that callback said back', () => {
    const other = aCallback('0', { amount: 100, receipt: 'R1' }, { checkoutRequestId: 'ws_other' });
    const noted = run(aSendingAttempt(), [UNKNOWN, other], { policy: QUERY_FIRST }).attempt;
    expect(noted).toMatchObject({ idsFrom: 'callback', checkoutRequestId: 'ws_other' });
    expect(noted.review).toEqual(['ids-from-callback']);
    const { attempt, events } = run(noted, ACCEPTED, { policy: QUERY_FIRST });
    expect(attempt).toMatchObject({ ...IDS, idsFrom: 'response', noted: null, heard: [] });
    expect(events).toEqual(['prompted', 'needs-review:id-mismatch']);
  });

  it('flags a CheckoutRequestID that another attempt holds', () => {
    const { attempt, events } = run(aSendingAttempt(), ACCEPTED, { checkoutRequestIdOwner: 'a-9' });
    expect(attempt.status).toBe('pending');
    expect(events).toEqual(['prompted', 'needs-review:checkout-request-id-reused']);
  });
});

describe('a callback', () => {
  it('completes at once by default', () => {
    const { attempt, events, callback } = run(aPendingAttempt(), aPaidCallback());
    expect(attempt).toMatchObject({
      status: 'completed',
      receipt: 'UKO1AAAAAA',
      confirmedBy: 'callback',
      resultCode: '0',
      late: false,
      orderSlot: null,
      nextCheckAt: null,
      paidAt: new Date('2026-11-24T09:00:20Z'),
    });
    expect(events).toEqual(['completed']);
    expect(callback).toBe('applied');
  });

  it('waits while the push is on its way', () => {
    const sending = aSendingAttempt();
    const { attempt, events, callback } = run(sending, aPaidCallback());
    expect(attempt).toBe(sending);
    expect(events).toEqual([]);
    expect(callback).toBe('deferred');
  });

  it.each([100, 100.0, '100', '100.0', '100.00'])('takes the amount %p for 100', (amount) => {
    expect(run(aPendingAttempt(), aPaidCallback('R1', amount)).attempt.status).toBe('completed');
  });

  it.each([
    99,
    101,
    100.5,
    0,
    -100,
    1e308,
    NaN,
    '',
    '1e2',
    '0100',
    '100.01',
    ' 100',
    '+100',
    '١٠٠',
  ])('quarantines the amount %p', (amount) => {
    const { attempt, events, callback } = run(aPendingAttempt(), aPaidCallback('R1', amount));
    expect(attempt).toMatchObject({ status: 'pending', receipt: null, heard: [] });
    expect(events).toEqual(['needs-review:amount-mismatch']);
    expect(callback).toBe('quarantined');
  });

  it('leaves the next query where it was, for what it quarantines', () => {
    const pending = run(aSendingAttempt(), ACCEPTED).attempt;
    const { attempt } = run(pending, aPaidCallback('R1', 1), { now: after(2_000) });
    expect(attempt).toMatchObject({ askAt: after(16_000), nudged: false });
  });

  it.each([{ merchantRequestId: 'm-2' }, { checkoutRequestId: 'ws_CO_2' }])(
    'quarantines other ids: %j',
    (ids) => {
      const paid = aCallback('0', { amount: 100, receipt: 'R1' }, ids);
      const { attempt, events, callback } = run(aPendingAttempt(), paid);
      expect(attempt.status).toBe('pending');
      expect(events).toEqual(['needs-review:id-mismatch']);
      expect(callback).toBe('quarantined');
    },
  );

  it('quarantines the receipt of another attempt', () => {
    const { attempt, events } = run(aPendingAttempt(), aPaidCallback(), { receiptOwner: 'a-9' });
    expect(attempt.status).toBe('pending');
    expect(events).toEqual(['needs-review:receipt-reused']);
  });

  it.each([{ amount: 100 }, { receipt: 'R1' }, {}])(
    'notes a success that is not whole, and lets the query decide: %j',
    (metadata) => {
      const noted = run(aPendingAttempt(), aCallback('0', metadata));
      expect(noted.attempt).toMatchObject({ status: 'pending', orderSlot: 'order:order-1' });
      expect(noted.attempt).toMatchObject({ askAt: after(1_000), askRank: 0 });
      expect(noted.events).toEqual([]);
      const { attempt, events } = run(noted.attempt, aQuery('0'));
      expect(attempt).toMatchObject({ status: 'completed', confirmedBy: 'query' });
      expect(attempt.receipt).toBe('receipt' in metadata ? 'R1' : null);
      expect(events).toEqual(['completed']);
    },
  );

  it.each(['26', '4999', '777777', 'XYZ', '9999'])('lets the query decide on code %s', (code) => {
    const { attempt, events } = run(aPendingAttempt(), aCallback(code));
    expect(attempt).toMatchObject({ status: 'pending', review: ['unknown-result-code'] });
    expect(attempt.askAt).toEqual(after(1_000));
    expect(events).toEqual([]);
  });

  it.each([
    ['1032', 'cancelled'],
    ['1', 'insufficient-funds'],
    ['2001', 'wrong-pin'],
    ['SFC_IC0003', 'merchant-config'],
  ])('fails on code %s: %s', (code, reason) => {
    const { attempt, events } = run(aPendingAttempt(), aCallback(code));
    expect(attempt).toMatchObject({ status: 'failed', resultCode: code, reason, orderSlot: null });
    expect(events).toEqual(['failed']);
  });

  it('brings the ids where our own response was lost', () => {
    const { attempt, events } = run(aSendingAttempt(), [UNKNOWN, aPaidCallback()]);
    expect(attempt).toMatchObject({ status: 'completed', ...IDS, idsFrom: 'callback' });
    expect(attempt.review).toEqual(['ids-from-callback']);
    expect(events).toEqual(['outcome-unknown', 'completed']);
  });

  it('adds the receipt to a payment that the query proved', () => {
    const { attempt, events } = run(aPendingAttempt(), [aQuery('0'), aPaidCallback('R1')]);
    expect(attempt).toMatchObject({ status: 'completed', confirmedBy: 'query', receipt: 'R1' });
    expect(events).toEqual(['completed', 'receipt-received']);
  });

  it('keeps the first receipt, and flags a second one', () => {
    const { attempt, events } = run(aPendingAttempt(), [aPaidCallback('R1'), aPaidCallback('R2')]);
    expect(attempt.receipt).toBe('R1');
    expect(events).toEqual(['completed', 'needs-review:second-receipt']);
  });
});

describe('success after the end', () => {
  it.each<[string, Evidence[], number]>([
    ['failed', [aCallback('1032')], 1_000],
    ['rejected', [REFUSED], 1_000],
    ['expired', [DEADLINE], 600_000],
  ])('is late after %s', (status, evidence, ms) => {
    const start = status === 'rejected' ? aSendingAttempt() : aPendingAttempt();
    const ended = run(start, evidence, { now: after(ms) }).attempt;
    expect(ended.status).toBe(status);
    const { attempt, events } = run(ended, aPaidCallback(), { now: after(ms + 1) });
    expect(attempt).toMatchObject({ status: 'completed', late: true, orderSlot: null });
    expect(events[0]).toBe('completed-late');
  });

  it('is a duplicate payment where another attempt paid the order', () => {
    const { attempt, events } = run(aPendingAttempt(), aPaidCallback(), { settledBy: 'a-2' });
    expect(attempt.status).toBe('completed');
    expect(events).toEqual(['duplicate-payment']);
  });

  it('keeps negative news to itself where another attempt paid the order', () => {
    for (const evidence of [aCallback('1032'), REFUSED, DEADLINE]) {
      const start = evidence === REFUSED ? aSendingAttempt() : aPendingAttempt();
      const { attempt, events } = run(start, evidence, {
        settledBy: 'a-2',
        now: after(600_000),
      });
      expect(attempt.settledAt).not.toBeNull();
      expect(events).toEqual([]);
    }
  });
});

describe('a query', () => {
  it.each([null, '4999', '26', '424242'])('finds nothing in %p', (code) => {
    const { attempt, events } = run(aPendingAttempt(), aQuery(code));
    expect(attempt).toMatchObject({ status: 'pending', queryAnswered: true });
    expect(events).toEqual([]);
  });

  it('completes on 0, the receipt to follow', () => {
    const { attempt, events } = run(aPendingAttempt(), aQuery('0'));
    expect(attempt).toMatchObject({ status: 'completed', receipt: null, confirmedBy: 'query' });
    expect(events).toEqual(['completed']);
  });

  it('fails on a known final code', () => {
    const { attempt, events } = run(aPendingAttempt(), aQuery('1037'));
    expect(attempt).toMatchObject({ status: 'failed', resultCode: '1037', reason: 'unreachable' });
    expect(events).toEqual(['failed']);
  });

  it('proves nothing by an id that a callback brought and another attempt holds', () => {
    const noted = run(aSendingAttempt(), [UNKNOWN, aPaidCallback()], { policy: QUERY_FIRST });
    const { attempt, events } = run(noted.attempt, aQuery('0'), {
      policy: QUERY_FIRST,
      checkoutRequestIdOwner: 'a-9',
    });
    expect(attempt.status).toBe('uncertain');
    expect(events).toEqual(['needs-review:checkout-request-id-reused']);
  });

  it('leaves out a noted receipt that another attempt took meanwhile', () => {
    const noted = run(aPendingAttempt(), aPaidCallback('R1'), { policy: QUERY_FIRST }).attempt;
    const { attempt, events } = run(noted, aQuery('0'), { receiptOwner: 'a-9' });
    expect(attempt).toMatchObject({ status: 'completed', receipt: null });
    expect(events).toEqual(['completed', 'needs-review:receipt-reused']);
  });
});

describe('contradictions', () => {
  it('flags negative news after a payment, and nothing else', () => {
    const paid = run(aPendingAttempt(), aPaidCallback()).attempt;
    const byCallback = run(paid, aCallback('1032'));
    expect(byCallback.attempt).toEqual({ ...paid, ...pick(byCallback.attempt) });
    expect(byCallback.events).toEqual(['needs-review:callback-conflict']);
    expect(run(paid, aQuery('1032')).events).toEqual(['needs-review:query-conflict']);
  });

  it('holds the slot where a noted success meets a negative query, and tells people alone', () => {
    const { attempt, events } = run(aPendingAttempt(), [aPaidCallback(), aQuery('1032')], {
      policy: QUERY_FIRST,
    });
    expect(attempt).toMatchObject({ status: 'failed', orderSlot: 'order:order-1' });
    expect(events).toEqual(['needs-review:query-conflict']);
  });

  it('has the same status in the other order', () => {
    const { attempt, events } = run(aPendingAttempt(), [aQuery('1032'), aPaidCallback()], {
      policy: QUERY_FIRST,
    });
    expect(attempt.status).toBe('failed');
    expect(events).toEqual(['failed', 'needs-review:query-conflict']);
  });

  it.each([
    ['before it is confirmed', () => 'query' as const],
    [
      'with the one that needs no confirmation',
      ({ callback }: StkSuccessEvidence) =>
        callback.metadata.receipt === 'R2' ? ('callback' as const) : ('query' as const),
    ],
  ])('flags a second receipt that comes %s', (_when, confirmation) => {
    const { attempt } = run(aPendingAttempt(), [aPaidCallback('R1'), aPaidCallback('R2')], {
      policy: { confirmation },
    });
    expect(attempt.review).toEqual(['second-receipt']);
  });

  it('keeps the first of two negative codes, and flags the second', () => {
    const { attempt, events } = run(aPendingAttempt(), [aCallback('1037'), aQuery('1032')]);
    expect(attempt).toMatchObject({ resultCode: '1037', review: ['result-code-differs'] });
    expect(events).toEqual(['failed']);
  });

  it('completes where the callback said no and the query yes: money moved', () => {
    const { attempt, events } = run(aPendingAttempt(), [aCallback('1032'), aQuery('0')]);
    expect(attempt).toMatchObject({ status: 'completed', late: true, review: ['query-conflict'] });
    expect(events).toEqual(['failed', 'completed-late', 'needs-review:query-conflict']);
  });
});

describe('the deadline', () => {
  it('expires at the first look after it that finds nothing', () => {
    const early = run(aPendingAttempt(), aQuery('4999'), { now: after(299_999) });
    expect(early.attempt.status).toBe('pending');
    const { attempt, events } = run(aPendingAttempt(), aQuery(null), { now: after(300_000) });
    expect(attempt).toMatchObject({ status: 'expired', orderSlot: null, told: 'expired' });
    expect(events).toEqual(['expired']);
  });

  it('waits twice as long where it could not ask', () => {
    for (const evidence of [DEADLINE, aQuery(null, false)]) {
      const waiting = run(aPendingAttempt(), evidence, { now: after(599_999) });
      expect(waiting.attempt.status).toBe('pending');
      expect(run(aPendingAttempt(), evidence, { now: after(600_000) }).events).toEqual(['expired']);
    }
  });

  it('does not wait longer for what cannot be asked about', () => {
    const uncertain = run(aSendingAttempt(), UNKNOWN).attempt;
    expect(run(uncertain, DEADLINE, { now: after(300_000) }).events).toEqual(['expired']);
  });

  it('never expires a noted success: it tells people once, and goes on', () => {
    const noted = run(aPendingAttempt(), aPaidCallback(), { policy: QUERY_FIRST }).attempt;
    const { attempt, events } = run(noted, [DEADLINE, aQuery('4999')], { now: after(600_000) });
    expect(attempt).toMatchObject({ status: 'pending', orderSlot: 'order:order-1' });
    expect(events).toEqual(['needs-review:unconfirmed-success']);
  });

  it('tells people also of a success that was noted after the deadline', () => {
    const expired = run(aPendingAttempt(), DEADLINE, { now: after(600_000) }).attempt;
    const { attempt, events } = run(expired, [aPaidCallback(), aQuery('4999')], {
      policy: QUERY_FIRST,
      now: after(601_000),
    });
    expect(attempt).toMatchObject({ status: 'expired', review: ['unconfirmed-success'] });
    expect(events).toEqual(['needs-review:unconfirmed-success']);
  });

  it('gives up at last, and says so', () => {
    const expired = run(aPendingAttempt(), DEADLINE, { now: after(600_000) }).attempt;
    // The last query may have waited for the budget.
    expect(run(expired, DEADLINE, { now: after(172_800_000) }).events).toEqual([]);
    for (const [evidence, now] of [
      [aQuery('4999'), after(172_800_000)],
      [DEADLINE, after(173_100_000)],
    ] as const) {
      const { attempt, events } = run(expired, evidence, { now });
      expect(attempt).toMatchObject({ status: 'expired', nextCheckAt: null, askAt: null });
      expect(events).toEqual(['needs-review:unresolved']);
    }
  });

  it('leaves what is not waiting alone', () => {
    for (const attempt of [anAttempt(), run(aPendingAttempt(), aPaidCallback()).attempt]) {
      expect(run(attempt, DEADLINE, { now: after(600_000) }).attempt).toBe(attempt);
    }
  });
});

describe('an operator', () => {
  const operator = (to: OperatorDecision['to'], receipt: string | null = null): Evidence => ({
    kind: 'operator',
    to,
    reason: 'seen on the statement',
    by: 'jane',
    receipt,
  });

  it('completes with the receipt of the statement', () => {
    const uncertain = run(aSendingAttempt(), UNKNOWN).attempt;
    const { attempt, events } = run(uncertain, operator('completed', 'R7'));
    expect(attempt).toMatchObject({ status: 'completed', receipt: 'R7', confirmedBy: 'operator' });
    expect(events).toEqual(['completed']);
  });

  it('ends a conflict, which frees the slot and tells the application', () => {
    const conflict = run(aPendingAttempt(), [aPaidCallback(), aQuery('1032')], {
      policy: QUERY_FIRST,
    }).attempt;
    const { attempt, events } = run(conflict, operator('failed'));
    expect(attempt).toMatchObject({ status: 'failed', orderSlot: null, resultCode: '1032' });
    expect(events).toEqual(['failed']);
  });

  it('never lowers', () => {
    const paid = run(aPendingAttempt(), aPaidCallback()).attempt;
    for (const to of ['failed', 'rejected', 'expired'] as const) {
      expect(run(paid, operator(to)).attempt).toBe(paid);
    }
  });
});

const pick = ({ heard, review }: AttemptRecord) => ({ heard, review });
