import type { AttemptRecord } from '../../../lib/attempts/attempt-record.js';
import type { StoreFacts } from '../../../lib/attempts/decision.js';
import type {
  CallbackReceived,
  Evidence,
  OperatorDecision,
} from '../../../lib/attempts/evidence.js';
import type { EvidencePolicy } from '../../../lib/attempts/evidence-policy.js';
import type { FactsNeeded } from '../../../lib/attempts/decide/facts-needed.js';
import { settle } from '../../../lib/attempts/settle.js';
import {
  aCallback,
  aPaidCallback,
  aQuery,
  aSendingAttempt,
  decideWith,
  IDS,
  NO_FACTS,
  T0,
} from '../../support/attempts.js';

const anOperator = (to: OperatorDecision['to'], receipt: string | null = null): Evidence => ({
  kind: 'operator',
  to,
  reason: 'seen on the statement',
  by: 'jane',
  receipt,
});

const OTHER_ID = 'ws_CO_other';

/** One push has one outcome. */
const OUTCOMES: Record<string, Evidence> = {
  accepted: { kind: 'push-accepted', ...IDS },
  refused: {
    kind: 'push-refused',
    errorCode: '400.002.02',
    errorMessage: 'Bad Request - Invalid PhoneNumber',
    requestId: 'r-1',
  },
  'not sent': { kind: 'not-sent', cause: 'connection-refused', sends: 1 },
  unknown: { kind: 'push-unknown', cause: 'timeout' },
};

const OTHERS: Record<string, Evidence> = {
  'left behind': { kind: 'left-behind', version: 1 },
  'paid R1': aPaidCallback('R1'),
  'paid R2': aPaidCallback('R2'),
  'paid, no receipt': aCallback('0', { amount: 100 }),
  'paid, other amount': aPaidCallback('R3', 99),
  'paid, receipt of another': aPaidCallback('FOREIGN'),
  'paid, other ids': {
    ...aPaidCallback('R4'),
    callback: { ...aPaidCallback('R4').callback, checkoutRequestId: OTHER_ID },
  },
  cancelled: aCallback('1032'),
  unreachable: aCallback('1037'),
  'unknown code': aCallback('7777'),
  'query paid': aQuery('0'),
  'query cancelled': aQuery('1032'),
  'query pending': aQuery('4999'),
  'query without answer': aQuery(null, false),
  deadline: { kind: 'deadline' },
  'operator: completed': anOperator('completed', 'R1'),
  'operator: failed': anOperator('failed'),
  'operator: expired': anOperator('expired'),
};

const PIECES: Record<string, Evidence> = { ...OUTCOMES, ...OTHERS };
const PAID = ['stk.completed', 'stk.completed-late', 'stk.duplicate-payment'];
/** After the deadline, whatever the order: time is no evidence here. */
const NOW = new Date(T0.getTime() + 700_000);

interface Story {
  attempt: AttemptRecord;
  /** Events that count money, by their ids. */
  paid: Set<string>;
}

/**
 * What a store makes of evidence in this order: callbacks that are too early wait. Null where it cannot come
 * in this order.
 */
async function play(
  order: readonly string[],
  confirmation: EvidencePolicy['confirmation'],
  settledBy: string | null,
): Promise<Story | null> {
  const decide = decideWith({ confirmation });
  let attempt: AttemptRecord = aSendingAttempt();
  let settled = settledBy;
  let waiting: CallbackReceived[] = [];
  const seen = new Set<string>();
  const paid = new Set<string>();
  for (const name of [...order, 'deadline']) {
    const evidence = PIECES[name];
    if (!evidence) throw new Error(`No evidence is called ${name}`);
    // Nobody can ask about a payment whose id is not known.
    if (evidence.kind === 'query' && attempt.checkoutRequestId === null) return null;
    // A store takes the same body once.
    if (evidence.kind === 'callback' && seen.has(evidence.digest)) continue;
    if (evidence.kind === 'callback') seen.add(evidence.digest);
    const facts = (_asking: AttemptRecord, { receipt }: FactsNeeded): Promise<StoreFacts> =>
      Promise.resolve({
        ...NO_FACTS,
        now: NOW,
        settledBy: settled,
        receiptOwner: receipt === 'FOREIGN' ? 'attempt-9' : null,
      });
    const transaction = { facts, deferredCallbacks: () => Promise.resolve(waiting) };
    const result = await settle(transaction, attempt, evidence, decide);
    if (evidence.kind === 'callback' && result.callback === 'deferred') waiting.push(evidence);
    if (result.attempt.status !== 'sending') waiting = [];
    if (result.settlesOrder) settled = attempt.id;
    if (result.attempt !== attempt) {
      attempt = { ...result.attempt, version: attempt.version + 1 };
    }
    // Two callbacks with our token and other ids each: without our own response the first one is taken.
    if (attempt.checkoutRequestId === OTHER_ID) return null;
    for (const { type, id } of result.events) if (PAID.includes(type)) paid.add(id);
  }
  return { attempt, paid };
}

function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) =>
    subsets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]),
  );
}

const orders = <T>(items: readonly T[]): T[][] =>
  items.length <= 1
    ? [[...items]]
    : items.flatMap((item, i) =>
        orders(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]),
      );

/** Every set of up to so many other pieces of evidence, with each outcome of the push. */
const SIZE = Number(process.env.MPESA_TEST_EVIDENCE_SIZE ?? 2);

const setsOf = (most: number): string[][] =>
  Object.keys(OUTCOMES).flatMap((outcome) =>
    Array.from({ length: most + 1 }, (_, size) => subsets(Object.keys(OTHERS), size))
      .flat()
      .map((others) => [outcome, ...others]),
  );

const CONFIRMATIONS: Record<string, EvidencePolicy['confirmation']> = {
  callback: () => 'callback',
  query: () => 'query',
  'by the evidence': ({ callback }) => (callback.metadata.receipt === 'R1' ? 'callback' : 'query'),
};

const hasOperator = (set: readonly string[]) => set.some((name) => name.startsWith('operator'));

/** Whether the time ran out before something was known, or after it, is not for the evidence to say. */
const atRest = ({ status }: AttemptRecord) =>
  ['uncertain', 'pending', 'expired'].includes(status) ? 'open' : status;

/** Who told us the ids first, and whether a success was confirmed in time, depend on the order. */
const IN_TIME = ['ids-from-callback', 'unconfirmed-success'];

/** What may not. An operator has seen what came before, and not what came after. */
const essence = (set: readonly string[], { attempt, paid }: Story) =>
  JSON.stringify({
    status: atRest(attempt),
    paid: paid.size,
    review: hasOperator(set)
      ? null
      : attempt.review.filter((flag) => !IN_TIME.includes(flag)).sort(),
  });

describe.each(Object.entries(CONFIRMATIONS))('under confirmation %s', (name, confirmation) => {
  // A function chooses one of the two, whose sets are larger ones.
  const sets = setsOf(name === 'by the evidence' ? Math.min(SIZE, 2) : SIZE);

  it.each([null, 'attempt-2'])(
    `${sets.length} sets of evidence come out alike in every order, once or twice, with the order settled by %p`,
    async (settledBy) => {
      const differing: string[] = [];
      for (const set of sets) {
        const found = new Map<string, string>();
        for (const order of orders(set)) {
          for (const told of [order, order.flatMap((name) => [name, name])]) {
            const story = await play(told, confirmation, settledBy);
            if (!story) continue;
            found.set(essence(set, story), told.join(' > '));
            if (story.paid.size !== (story.attempt.status === 'completed' ? 1 : 0)) {
              differing.push(`${told.join(' > ')}: money counted ${story.paid.size} times`);
            }
          }
        }
        if (found.size > 1) {
          differing.push([...found].map(([what, order]) => `${order}: ${what}`).join('\n  or '));
        }
      }
      expect(differing.slice(0, 8)).toEqual([]);
    },
    600_000,
  );
});
