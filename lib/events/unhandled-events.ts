import { StkCompletedLate } from '../attempts/events/stk-completed-late.event.js';
import { StkCompleted } from '../attempts/events/stk-completed.event.js';
import { StkDuplicatePayment } from '../attempts/events/stk-duplicate-payment.event.js';
import { StkNeedsReview } from '../attempts/events/stk-needs-review.event.js';
import type { StkHandler } from './stk-handler.js';

/**
 * What to tell a developer whose handlers leave money unnoticed; null where nothing is amiss.
 *
 * @param sentOn whether every event goes to a transport, behind which somebody else may act on payments
 */
export function warnOfUnhandledEvents(
  handlers: readonly StkHandler[],
  sentOn = false,
): string | null {
  const handled = new Set(handlers.flatMap(({ types }) => types));
  if (!handled.has(StkCompleted.type)) {
    if (sentOn) return null;
    return (
      'Nothing handles StkCompleted: this process will not act on payments. Put ' +
      '@OnStkEvent(StkCompleted) on a method of a provider, or set background: false where ' +
      'another process does.'
    );
  }
  const missing = [StkCompletedLate, StkDuplicatePayment, StkNeedsReview].filter(
    ({ type }) => !handled.has(type),
  );
  if (missing.length === 0) return null;
  const names = missing.map(({ name }) => name).join(', ');
  return (
    `StkCompleted is handled, but not ${names}: money that comes late, twice or in doubt would ` +
    'go unnoticed. Handle these too: telling a person is enough.'
  );
}
