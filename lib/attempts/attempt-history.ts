import type { AttemptRecord } from './attempt-record.js';
import type { StkAttemptStatus } from './attempt-status.js';
import type { Decision } from './decision.js';
import type { Evidence } from './evidence.js';
import type { JsonObject } from './json.js';

/**
 * One thing that was learned of an attempt, and what it made of it.
 * @publicApi
 */
export interface StkHistoryEntry {
  /** By the clock of the store. */
  at: Date;
  /** What sort of evidence it was. */
  kind: Evidence['kind'];
  /** The status before it. */
  from: StkAttemptStatus;
  /** The status that it led to; the same where it changed none. */
  to: StkAttemptStatus;
  /** What was learned, without personal data. */
  detail: JsonObject;
  /** What became of a callback; null for other evidence. */
  callback: Decision['callback'];
}

/** Null where there is nothing to remember: another look that found nothing. */
export function historyEntry(
  before: AttemptRecord,
  evidence: Evidence,
  { attempt, callback }: Pick<Decision, 'attempt' | 'callback'>,
  at: Date,
): StkHistoryEntry | null {
  if (evidence.kind !== 'callback' && isSameButSchedule(before, attempt)) return null;
  const { kind } = evidence;
  const detail = detailOf(evidence);
  return { at, kind, from: before.status, to: attempt.status, detail, callback };
}

function detailOf(evidence: Evidence): JsonObject {
  switch (evidence.kind) {
    case 'push-accepted':
      return { merchantRequestId: evidence.merchantRequestId };
    case 'push-refused': {
      const { errorCode, errorMessage, requestId } = evidence;
      return { errorCode, errorMessage, requestId };
    }
    case 'not-sent':
    case 'push-unknown':
      return { cause: evidence.cause };
    case 'callback': {
      const { resultCode, metadata, merchantRequestId } = evidence.callback;
      const { amount = null, receipt = null } = metadata;
      const { sourceIp, replayed } = evidence;
      const said = { resultCode, merchantRequestId, amount, receipt, sourceIp };
      return replayed ? { ...said, replayed } : said;
    }
    case 'query':
      return { resultCode: evidence.resultCode, answered: evidence.answered };
    case 'left-behind':
    case 'deadline':
    case 'nudge':
      return {};
    case 'operator': {
      const { to, reason, by, receipt } = evidence;
      return { to, reason, by, receipt };
    }
    case 'erased': {
      const { reason, by } = evidence;
      return { reason, by };
    }
    case 'review-ended': {
      const { flags, reason, by } = evidence;
      return { flags: [...flags], reason, by };
    }
  }
}

const SCHEDULE = new Set<string>(['nextCheckAt', 'askAt', 'askRank', 'looks', 'nudged']);

/** Whether no more came of it than when to look again. */
function isSameButSchedule(before: AttemptRecord, after: AttemptRecord): boolean {
  if (before === after) return true;
  return (Object.keys(before) as (keyof AttemptRecord)[]).every(
    (name) => before[name] === after[name] || SCHEDULE.has(name),
  );
}
