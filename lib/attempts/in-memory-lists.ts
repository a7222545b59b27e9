import type { AttemptRecord } from './attempt-record.js';
import type { AttemptPage, NewAttempt, Opening } from './attempt-store.js';
import type { FactsNeeded } from './decide/facts-needed.js';
import type { StoreFacts } from './decision.js';
import type { AttemptKey, InMemoryAttempts } from './in-memory-attempts.js';
import { isErased, isFinal, isSameInput } from './personal-data.js';
import { openFlags } from './review-flag.js';

/** What is in the way of a new attempt, where something is: of several reasons the first one counts. */
export function hindranceOf(
  attempts: InMemoryAttempts,
  asked: NewAttempt,
  paid: AttemptRecord | null,
): Opening | null {
  const { id, idempotencyKey, order } = asked;
  const own = attempts.get(id);
  if (own) return { outcome: 'opened', attempt: own };
  const replay = idempotencyKey && attempts.first('idempotencyKey', idempotencyKey);
  if (replay) {
    return { outcome: isSameInput(replay, asked) ? 'replayed' : 'key-reused', attempt: replay };
  }
  if (paid) return { outcome: 'order-paid', attempt: paid };
  const busy = attempts.first('orderSlot', order);
  return busy ? { outcome: 'order-busy', attempt: busy } : null;
}

/** A page of attempts that are given oldest first, newest first. */
export function pageOf(
  attempts: Iterable<AttemptRecord>,
  { status, needsReview, after, since, limit }: AttemptPage,
): AttemptRecord[] {
  const newestFirst = [...attempts].reverse();
  const start = after === undefined ? 0 : newestFirst.findIndex(({ id }) => id === after) + 1;
  return newestFirst
    .slice(start)
    .filter((a) => !status || status.includes(a.status))
    .filter((a) => !needsReview || openFlags(a).length > 0)
    .filter((a) => !since || a.createdAt >= since)
    .slice(0, limit);
}

/** Those whose personal data can go, oldest first. */
export function erasableOf(
  attempts: Iterable<AttemptRecord>,
  { createdBefore, limit }: { createdBefore: Date; limit: number },
  isOwed: (order: string) => boolean,
): AttemptRecord[] {
  return [...attempts]
    .filter((a) => a.createdAt < createdBefore && isFinal(a) && !isErased(a) && !isOwed(a.order))
    .slice(0, limit);
}

/** Which other attempts hold what the evidence names. */
export function ownersOf(
  attempts: InMemoryAttempts,
  asking: AttemptRecord,
  { receipt, checkoutRequestId }: FactsNeeded,
): Pick<StoreFacts, 'receiptOwner' | 'checkoutRequestIdOwner'> {
  const owner = (key: AttemptKey, value: string | null) =>
    value && (attempts.holding(key, value).find(({ id }) => id !== asking.id)?.id ?? null);
  return {
    receiptOwner: owner('receipt', receipt),
    checkoutRequestIdOwner: owner('checkoutRequestId', checkoutRequestId),
  };
}
