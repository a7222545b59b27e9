import type { AttemptRecord } from './attempt-record.js';
import { isSettled } from './attempt-status.js';
import type { StoreLag } from './attempt-store.js';
import type { InMemoryOutbox } from './in-memory-outbox.js';

/** Those whose look at the time is due, longest due first. */
export function looksDue(attempts: Iterable<AttemptRecord>, now: Date): AttemptRecord[] {
  const dueAt = ({ nextCheckAt }: AttemptRecord) => nextCheckAt?.getTime() ?? Infinity;
  return [...attempts]
    .filter((attempt) => dueAt(attempt) <= now.getTime())
    .sort((a, b) => dueAt(a) - dueAt(b));
}

/** Those that Daraja is to be asked about by now. */
export const queriesDue = (attempts: Iterable<AttemptRecord>, now: Date): AttemptRecord[] =>
  [...attempts].filter(({ askAt }) => askAt !== null && askAt <= now);

export function accountsOf(
  attempts: readonly AttemptRecord[],
  { after, limit }: { after: string | null; limit: number },
): string[] {
  const accounts = [...new Set(attempts.map(({ account }) => account))].sort();
  return accounts.filter((account) => after === null || account > after).slice(0, limit);
}

/** The account's one to ask about first, or null. */
export function firstToAsk(
  attempts: readonly AttemptRecord[],
  account: string,
): AttemptRecord | null {
  const own = attempts.filter((attempt) => attempt.account === account);
  const isBefore = (a: AttemptRecord, b: AttemptRecord) =>
    ((a.askRank ?? 0) - (b.askRank ?? 0) || Number(a.askAt) - Number(b.askAt)) < 0;
  return own.reduce<AttemptRecord | null>(
    (first, attempt) => (first && !isBefore(attempt, first) ? first : attempt),
    null,
  );
}

/** How far behind the work is. */
export function lagOf(
  attempts: Iterable<AttemptRecord>,
  outbox: Pick<InMemoryOutbox, 'longestDue'>,
  now: number,
): StoreLag {
  const open = [...attempts].filter(({ status }) => !isSettled(status));
  const oldest = open.reduce((first, { createdAt }) => Math.min(first, createdAt.getTime()), now);
  return { outboxMs: now - outbox.longestDue(now), unresolvedMs: now - oldest };
}
