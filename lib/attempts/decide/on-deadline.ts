import { StkExpired } from '../events/stk-expired.event.js';
import type { Draft } from './draft.js';
import { giveUpOf, startOf } from './schedule.js';

/**
 * Nobody has answered; has the time run out? A look that asked Daraja and found nothing may expire
 * the attempt at the deadline, as may an attempt that cannot be asked about. A look that could not ask
 * leaves it the same time again.
 */
export function onDeadline(
  draft: Draft,
  look: { lookedAndFoundNothing?: boolean; accountGone?: boolean } = {},
): void {
  const { attempt, context, now } = draft;
  const age = now.getTime() - startOf(attempt).getTime();
  if (attempt.status === 'uncertain' || attempt.status === 'pending') {
    const canAsk = attempt.checkoutRequestId !== null;
    const patience = look.lookedAndFoundNothing || !canAsk ? 1 : 2;
    if (look.accountGone && age >= context.expireAfterMs) {
      draft.flag('account-gone', { account: attempt.account });
    }
    if (!draft.hasNotedSuccess && age >= patience * context.expireAfterMs) expire(draft);
  }
  // Whether it waits, or had expired or been refused before the success was noted.
  if (isUnconfirmed(draft) && age >= context.expireAfterMs) {
    draft.flag('unconfirmed-success', { noted: true });
  }
  const giveUpAfterMs = look.lookedAndFoundNothing
    ? context.giveUpAfterMs
    : giveUpOf(attempt, context);
  if (age >= giveUpAfterMs && isUnresolved(draft)) {
    draft.flag('unresolved', { queryAnswered: draft.attempt.queryAnswered });
  }
}

const isUnconfirmed = ({ attempt, hasNotedSuccess }: Draft): boolean =>
  hasNotedSuccess && attempt.status !== 'failed';

const isUnresolved = (draft: Draft): boolean =>
  draft.attempt.status === 'expired' || isUnconfirmed(draft);

export function expire(draft: Draft): void {
  const expired = draft.raise({ status: 'expired', settledAt: draft.now, orderSlot: null });
  if (!expired || draft.isSettledByAnother) return;
  draft.set({ told: 'expired' });
  draft.emit(StkExpired, { queryAnswered: draft.attempt.queryAnswered });
}
