import { StkPrompted } from '../../lib/index.js';

/** An event to be handed over. */
export const PROMPTED = new StkPrompted({
  id: 'attempt-1:stk.prompted',
  attemptId: 'attempt-1',
  account: 'default',
  orderId: 'order-1',
  occurredAt: new Date('2026-11-24T09:00:00Z'),
  metadata: null,
  merchantRequestId: 'm-1',
});
