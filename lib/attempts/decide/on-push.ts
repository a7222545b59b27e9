import { StkOutcomeUnknown } from '../events/stk-outcome-unknown.event.js';
import { StkPrompted } from '../events/stk-prompted.event.js';
import { StkRejected, type StkRejectedData } from '../events/stk-rejected.event.js';
import type { LeftBehind, NotSent, PushAccepted, PushRefused, PushUnknown } from '../evidence.js';
import type { Draft } from './draft.js';
import { askNow } from './schedule.js';

/** The ids of our own response win over those that a callback brought earlier. */
export function onPushAccepted(draft: Draft, evidence: PushAccepted): void {
  const { merchantRequestId, checkoutRequestId } = evidence;
  const { attempt, context, now } = draft;
  const contradicted =
    attempt.idsFrom === 'callback' &&
    (attempt.checkoutRequestId !== checkoutRequestId ||
      attempt.merchantRequestId !== merchantRequestId);
  draft.set({
    merchantRequestId,
    checkoutRequestId,
    idsFrom: 'response',
    promptedAt: attempt.promptedAt ?? now,
  });
  if (contradicted) {
    // What that callback said was not about this push: take it back, as if it had come second.
    draft.set({
      noted: null,
      heard: attempt.heard.filter((answer) => !answer.startsWith('callback:')),
    });
    draft.flag('id-mismatch', {
      expected: merchantRequestId,
      received: attempt.merchantRequestId,
    });
  }
  if (context.checkoutRequestIdOwner) {
    draft.flag('checkout-request-id-reused', { attempt: context.checkoutRequestIdOwner });
  }
  if (draft.raise({ status: 'pending' })) {
    draft.emit(StkPrompted, { merchantRequestId });
  }
}

export function onPushRefused(draft: Draft, evidence: PushRefused): void {
  const { errorCode, errorMessage } = evidence;
  reject(draft, { cause: 'refused', errorCode, message: errorMessage });
}

export function onNotSent(draft: Draft, evidence: NotSent): void {
  if (draft.attempt.sends !== evidence.sends) return;
  reject(draft, { cause: 'not-sent', errorCode: null, message: evidence.cause });
}

export function reject(
  draft: Draft,
  own: Pick<StkRejectedData, 'cause' | 'errorCode' | 'message'>,
): void {
  const held = draft.hasNotedSuccess;
  const rejected = draft.raise({
    status: 'rejected',
    settledAt: draft.now,
    orderSlot: held ? draft.attempt.orderSlot : null,
    idempotencyKey: null,
  });
  if (held) askNow(draft);
  if (!rejected || held || draft.isSettledByAnother) return;
  draft.set({ told: 'rejected' });
  draft.emit(StkRejected, own);
}

/** What was never claimed was never sent; what was claimed may have been. */
export function onLeftBehind(draft: Draft, { version }: LeftBehind): void {
  if (draft.attempt.version !== version) return;
  if (draft.attempt.status === 'created') {
    const { sends } = draft.attempt;
    onNotSent(draft, { kind: 'not-sent', cause: 'Not sent in time, and given up.', sends });
  } else if (draft.attempt.status === 'sending') {
    onPushUnknown(draft, { kind: 'push-unknown', cause: 'left-behind' });
  }
}

export function onPushUnknown(draft: Draft, evidence: PushUnknown): void {
  if (draft.raise({ status: 'uncertain' })) {
    draft.emit(StkOutcomeUnknown, { cause: evidence.cause });
  }
}
