import { StkFailed } from '../events/stk-failed.event.js';
import type { Draft } from './draft.js';

/**
 * Daraja says that it was not paid. Where a callback said that it was, nobody is told so and the order
 * stays barred until a person has decided.
 */
export function fail(draft: Draft, source: 'callback' | 'query', resultCode: string): void {
  const held = draft.hasNotedSuccess;
  draft.hear(source, resultCode);
  const { reason } = draft.context.describeResultCode(resultCode);
  const failed = draft.raise({
    status: 'failed',
    resultCode,
    reason,
    settledAt: draft.now,
    orderSlot: held ? draft.attempt.orderSlot : null,
  });
  if (failed && !held) tellFailed(draft);
}

/** Not for an order that another attempt has paid: a paid order is never un-paid. */
export function tellFailed(draft: Draft): void {
  if (draft.isSettledByAnother) return;
  const { resultCode, reason } = draft.attempt;
  const description = draft.context.describeResultCode(resultCode ?? '');
  draft.set({ told: 'failed' });
  draft.emit(StkFailed, {
    resultCode,
    reason: reason ?? 'unknown',
    customerMessage: description.customerMessage,
    retryable: description.retryable,
    retryAfterMs: description.retryAfterMs ?? null,
  });
}
