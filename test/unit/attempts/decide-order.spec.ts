import type { AttemptRecord } from '../../../lib/attempts/attempt-record.js';
import type { Evidence } from '../../../lib/attempts/evidence.js';
import type { StkConfirmation } from '../../../lib/attempts/evidence-policy.js';
import {
  aCallback,
  aPaidCallback,
  aPendingAttempt,
  aQuery,
  decideWith,
  NO_FACTS,
  T0,
} from '../../support/attempts.js';

const PIECES: Record<string, Evidence> = {
  paid: aPaidCallback('R1'),
  'paid, no receipt': aCallback('0', { amount: 100 }),
  'paid, other amount': aPaidCallback('R2', 99),
  cancelled: aCallback('1032'),
  unreachable: aCallback('1037'),
  'query paid': aQuery('0'),
  'query cancelled': aQuery('1032'),
  'query pending': aQuery('4999'),
};

const PAID_EVENTS = ['stk.completed', 'stk.completed-late', 'stk.duplicate-payment'];

function subsets(names: string[]): string[][] {
  const [first, ...rest] = names;
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((subset) => [subset, [first, ...subset]]);
}

function orders(names: string[]): string[][] {
  if (names.length <= 1) return [names];
  return names.flatMap((name, i) =>
    orders(names.filter((_, j) => j !== i)).map((rest) => [name, ...rest]),
  );
}

function outcome(order: string[], confirmation: StkConfirmation, paidBy: string | null) {
  const decide = decideWith({ confirmation: () => confirmation });
  let attempt: AttemptRecord = aPendingAttempt();
  let settledBy = paidBy;
  const paidEvents = new Set<string>();
  const statuses: string[] = [];
  for (const name of order) {
    const piece = PIECES[name];
    if (!piece) throw new Error(`No evidence is called ${name}`);
    const facts = { ...NO_FACTS, now: T0, settledBy };
    const decision = decide(attempt, piece, facts);
    attempt = decision.attempt;
    statuses.push(attempt.status);
    if (decision.settlesOrder) settledBy = attempt.id;
    for (const event of decision.events) {
      if (PAID_EVENTS.includes(event.type)) paidEvents.add(event.id);
    }
  }
  return { attempt, paidEvents, statuses };
}

/** Whoever paid first decides late and receipt; all else must come out alike. */
const essence = ({ attempt }: ReturnType<typeof outcome>) => ({
  status: attempt.status,
  review: [...attempt.review].sort(),
});

describe.each<StkConfirmation>(['callback', 'query'])('under confirmation %s', (confirmation) => {
  describe.each([null, 'attempt-2'])('with the order paid by %p', (paidBy) => {
    const small = subsets(Object.keys(PIECES)).filter((s) => s.length > 0 && s.length <= 5);

    it(`${small.length} sets of evidence come out alike in every order, once or twice`, () => {
      for (const set of small) {
        const expected = essence(outcome(set, confirmation, paidBy));
        for (const order of orders(set)) {
          const once = outcome(order, confirmation, paidBy);
          const doubled = outcome(
            order.flatMap((name) => [name, name]),
            confirmation,
            paidBy,
          );
          const label = order.join(' > ');
          expect({ label, ...essence(once) }).toEqual({ label, ...expected });
          expect({ label, ...essence(doubled) }).toEqual({ label, ...expected });
          expect(once.paidEvents.size).toBe(once.attempt.status === 'completed' ? 1 : 0);
          expect(doubled.paidEvents).toEqual(once.paidEvents);
        }
      }
    });
  });
});
