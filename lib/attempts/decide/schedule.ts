import type { AttemptRecord } from '../attempt-record.js';
import type { Evidence, QueryAnswered } from '../evidence.js';
import type { EvidencePolicy } from '../evidence-policy.js';
import type { Draft } from './draft.js';

/** The longest distance of two looks at one attempt, in ms. */
const MAX_DISTANCE_MS = 3_600_000;

/** Who is asked about first, of those that are due: money that was seen, then what nobody knows. */
const RANK = { noted: 0, uncertain: 1, again: 2, first: 3 };

type Policy = Pick<
  EvidencePolicy,
  'firstAfterMs' | 'expireAfterMs' | 'giveUpAfterMs' | 'scheduledQueries'
>;

/** The ranks of queries, first to be asked first. */
export const ASK_RANKS: readonly number[] = Object.values(RANK);

/** Says when to look at an attempt next, after whatever was learned of it. */
export function reschedule(draft: Draft, evidence: Evidence): void {
  const { status, looks } = draft.attempt;
  const look = evidence.kind === 'query' ? evidence.scheduled : undefined;
  if (look?.counts) draft.set({ looks: looks + 1 });
  // Until it is sent, the claim says when.
  if (status === 'created' || status === 'sending') return;
  const nextCheckAt = isOpen(draft) ? deadlineOf(draft) : null;
  if (canAsk(draft))
    draft.set({ nextCheckAt, askAt: askAtOf(draft, look), askRank: rankOf(draft) });
  else draft.set({ nextCheckAt, askAt: null, askRank: null });
}

function askAtOf(draft: Draft, look: QueryAnswered['scheduled']): Date {
  const { attempt, context, now } = draft;
  if (look) return look.counts ? nextAsk(draft, look.spread) : now;
  return attempt.askAt ?? later(now, context.firstAfterMs);
}

/** Pulls the next query forward, where there can be one. */
export function askNow(draft: Draft): void {
  if (canAsk(draft) && !(draft.attempt.askAt && draft.attempt.askAt <= draft.now)) {
    draft.set({ askAt: draft.now });
  }
}

/** Whether Daraja can be asked for something that is still to be found out. */
export function canAsk(draft: Draft): boolean {
  const { checkoutRequestId } = draft.attempt;
  return checkoutRequestId !== null && draft.context.scheduledQueries && isOpen(draft);
}

/** Whether something is left to find out. */
function isOpen({ attempt, hasNotedSuccess }: Draft): boolean {
  const { status, review } = attempt;
  const waits = status === 'uncertain' || status === 'pending';
  // Given up, it waits no more, but for one whose noted success was taken back since: that expires.
  if (review.includes('unresolved')) return waits && !hasNotedSuccess;
  return waits || status === 'expired' || (hasNotedSuccess && status !== 'failed');
}

/** When the time alone decides something: no budget of queries can hold that up. */
function deadlineOf({ attempt, context, hasNotedSuccess }: Draft): Date {
  const { expireAfterMs } = context;
  const patience = attempt.checkoutRequestId === null ? 1 : 2;
  if (hasNotedSuccess) {
    return attempt.review.includes('unconfirmed-success')
      ? later(startOf(attempt), giveUpOf(attempt, context))
      : later(startOf(attempt), expireAfterMs);
  }
  const isExpired = attempt.status === 'expired';
  const ms = isExpired ? giveUpOf(attempt, context) : patience * expireAfterMs;
  return later(startOf(attempt), ms);
}

/** When to stop without an answer: the last query has as long to be asked as the first had. */
export const giveUpOf = (
  { checkoutRequestId }: Pick<AttemptRecord, 'checkoutRequestId'>,
  { giveUpAfterMs, expireAfterMs }: Policy,
): number => giveUpAfterMs + (checkoutRequestId === null ? 0 : expireAfterMs);

/** Twice the distance after each look, and a last one at each deadline. */
function nextAsk({ attempt, context, now }: Draft, spread: number): Date {
  const distance = Math.min(context.firstAfterMs * 2 ** attempt.looks * spread, MAX_DISTANCE_MS);
  const next = later(now, Math.round(distance));
  const deadline = [context.expireAfterMs, context.giveUpAfterMs]
    .map((ms) => later(startOf(attempt), ms))
    .find((at) => at > now);
  return deadline && deadline < next ? deadline : next;
}

function rankOf({ attempt, hasNotedSuccess }: Draft): number {
  if (hasNotedSuccess) return RANK.noted;
  if (attempt.status === 'uncertain') return RANK.uncertain;
  return attempt.looks > 0 || attempt.status === 'expired' ? RANK.again : RANK.first;
}

export const startOf = ({ sentAt, createdAt }: AttemptRecord): Date => sentAt ?? createdAt;

const later = (instant: Date, ms: number): Date => new Date(instant.getTime() + ms);
