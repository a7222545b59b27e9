import { StkCompletedLate } from './stk-completed-late.event.js';
import { StkCompleted } from './stk-completed.event.js';
import { StkDuplicatePayment } from './stk-duplicate-payment.event.js';
import type { StkEvent, StkEventClass } from './stk-event.js';
import { StkExpired } from './stk-expired.event.js';
import { StkFailed } from './stk-failed.event.js';
import { StkNeedsReview } from './stk-needs-review.event.js';
import { StkOutcomeUnknown } from './stk-outcome-unknown.event.js';
import { StkPrompted } from './stk-prompted.event.js';
import { StkReceiptReceived } from './stk-receipt-received.event.js';
import { StkRejected } from './stk-rejected.event.js';

/** Every class of event, for those who handle or revive them all. */
export const STK_EVENTS: readonly StkEventClass[] = [
  StkPrompted,
  StkRejected,
  StkOutcomeUnknown,
  StkCompleted,
  StkCompletedLate,
  StkDuplicatePayment,
  StkReceiptReceived,
  StkFailed,
  StkExpired,
  StkNeedsReview,
];

/** Makes the event again from its stored JSON. Throws for a type that this version does not know. */
export function reviveStkEvent(type: string, json: Record<string, unknown>): StkEvent {
  const eventClass = STK_EVENTS.find((candidate) => candidate.type === type);
  if (!eventClass) {
    throw new Error(
      `Unknown event type ${type}. Was it stored by a newer version? Then update this process.`,
    );
  }
  const data = { ...json };
  for (const instant of ['occurredAt', 'paidAt']) {
    const value = data[instant];
    if (typeof value === 'string') data[instant] = new Date(value);
  }
  return new eventClass(data as never);
}
