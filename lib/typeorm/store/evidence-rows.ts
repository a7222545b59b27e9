import type { StkHistoryEntry } from '../../attempts/attempt-history.js';
import type { StoredCallback } from '../../attempts/attempt-store.js';
import type { CallbackReceived } from '../../attempts/evidence.js';
import type { NamedChange, Row, Session } from '../session.js';
import { join, sql } from '../sql.js';
import { isKnownStatus, textOrNull, UnreadableRowError } from './attempt-row.js';
import type { StoreContext } from './store-context.js';

/** Callbacks that wait for our own push response, oldest first. */
export async function readWaiting(
  session: Session,
  { tables }: StoreContext,
  attemptId: string,
): Promise<CallbackReceived[]> {
  const rows = await session.rows(sql`
    SELECT e.waiting, e.raw FROM ${tables.evidence} e
    WHERE e.attempt_id = ${attemptId} AND e.waiting IS NOT NULL ORDER BY e.seq`);
  return rows.map((row) => reviveCallback(row, attemptId));
}

function reviveCallback({ waiting, raw }: Row, attemptId: string): CallbackReceived {
  try {
    const received = JSON.parse(String(waiting)) as CallbackReceived;
    received.raw = String(raw ?? '');
    const { metadata } = received.callback;
    if (metadata.paidAt) metadata.paidAt = new Date(metadata.paidAt);
    return received;
  } catch {
    throw new UnreadableRowError(`A callback that waits for attempt ${attemptId} is damaged.`);
  }
}

/** They have been decided: they wait no longer. */
export const waitingEnded = ({ tables }: StoreContext, attemptId: string): NamedChange => ({
  name: 'ended',
  statement: sql`
    UPDATE ${tables.evidence} SET waiting = NULL
    WHERE attempt_id = ${attemptId} AND waiting IS NOT NULL`,
});

/** What was learned, in order; the callback is the one that the first entry is of. */
export function historyWritten(
  { dialect, tables }: StoreContext,
  attemptId: string,
  entries: readonly StkHistoryEntry[],
  callback: CallbackReceived | null,
): NamedChange[] {
  if (entries.length === 0) return [];
  const rows = entries.map((entry, index) => {
    const received = index === 0 ? callback : null;
    const waiting = entry.callback === 'deferred' && received ? withoutBody(received) : null;
    return sql`(${attemptId}, ${dialect.instant(entry.at.getTime())}, ${entry.kind}, ${entry.from},
      ${entry.to}, ${JSON.stringify(entry.detail)}, ${entry.callback}, ${received?.digest ?? null},
      ${received?.raw ?? null}, ${waiting})`;
  });
  const statement = sql`
    INSERT INTO ${tables.evidence} (attempt_id, recorded_at, kind, from_status, to_status, detail,
      disposition, digest, raw, waiting)
    VALUES ${join(rows)}`;
  return [{ name: 'learned', statement }];
}

const withoutBody = (received: CallbackReceived): string =>
  JSON.stringify({ ...received, raw: undefined });

/** The rows that were written of callbacks themselves, not of what became of them later. */
export async function readCallbacks(
  session: Session,
  { dialect, tables }: StoreContext,
  attemptId: string,
): Promise<StoredCallback[]> {
  const rows = await session.rows(sql`
    SELECT ${dialect.toMs(sql`e.recorded_at`)} AS recorded_at, e.disposition, e.raw
    FROM ${tables.evidence} e WHERE e.attempt_id = ${attemptId} AND e.digest IS NOT NULL ORDER BY e.seq`);
  return rows.map(({ recorded_at: recordedAt, disposition, raw }) => ({
    receivedAt: new Date(Number(recordedAt)),
    disposition: disposition as StoredCallback['disposition'],
    raw: textOrNull(raw),
  }));
}

export async function readHistory(
  session: Session,
  { dialect, tables }: StoreContext,
  attemptId: string,
): Promise<StkHistoryEntry[]> {
  const rows = await session.rows(sql`
    SELECT e.seq, ${dialect.toMs(sql`e.recorded_at`)} AS recorded_at, e.kind, e.from_status,
      e.to_status, e.detail, e.disposition
    FROM ${tables.evidence} e WHERE e.attempt_id = ${attemptId} ORDER BY e.seq`);
  return rows.map((row) => {
    const { from_status: from, to_status: to } = row;
    if (!isKnownStatus(from) || !isKnownStatus(to)) {
      throw new UnreadableRowError(
        `Attempt ${attemptId} was from ${String(from)} to ${String(to)}, which this version does not know.`,
      );
    }
    return {
      at: new Date(Number(row.recorded_at)),
      kind: row.kind as StkHistoryEntry['kind'],
      from,
      to,
      detail: JSON.parse(String(row.detail)) as StkHistoryEntry['detail'],
      callback: row.disposition as StkHistoryEntry['callback'],
    };
  });
}
