import { factsNeeded } from '../../../lib/attempts/decide/facts-needed.js';
import type { Evidence } from '../../../lib/attempts/evidence.js';
import { aCallback, aPaidCallback, aPendingAttempt, aQuery, IDS } from '../../support/attempts.js';

const noted = aPendingAttempt({ noted: { receipt: 'UKO1NOTED0', paidAt: null } });
const operator = (receipt: string | null): Evidence => ({
  kind: 'operator',
  to: 'completed',
  reason: 'seen',
  by: 'ada',
  receipt,
});

it.each<[string, Evidence, string | null, string | null]>([
  ['a callback with a receipt', aPaidCallback('UKO1AAAAAA'), 'UKO1AAAAAA', 'ws_CO_1'],
  ['a callback without', aCallback('0'), 'UKO1NOTED0', 'ws_CO_1'],
  ['the answer to the push', { kind: 'push-accepted', ...IDS, checkoutRequestId: 'x' }, null, 'x'],
  ['a person with a receipt', operator('UKO1BBBBBB'), 'UKO1BBBBBB', null],
  ['a person without', operator(null), 'UKO1NOTED0', null],
  ['a query', aQuery('0'), 'UKO1NOTED0', 'ws_CO_1'],
])('for %s, it is whose receipt and whose id that is', (_, evidence, receipt, id) => {
  expect(factsNeeded(noted, evidence)).toEqual({ receipt, checkoutRequestId: id });
});

it('is nothing of a receipt where none is noted', () => {
  expect(factsNeeded(aPendingAttempt(), aQuery('0')).receipt).toBeNull();
});
