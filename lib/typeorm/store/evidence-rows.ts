import type { StkHistoryEntry } from '../../attempts/attempt-history.js';
import type { StoredCallback } from '../../attempts/attempt-store.js';
import type { CallbackReceived } from '../../attempts/evidence.js';
import type { PersonalDataCipher } from '../../privacy/personal-data-cipher.js';
import type { NamedChange, Row, Session } from '../session.js';
import { join, sql } from '../sql.js';
import { isKnownStatus, UnreadableRowError } from './attempt-row.js';
import type { StoreContext } from './store-context.js';

/** Callbacks that wait for our own push response, oldest first. */
export async function readWaiting(
  session: Session,
  { tables, cipher }: StoreContext,
  attemptId: string,
): Promise<CallbackReceived[]> {
  const rows = await session.rows(sql`
    SELECT e.waiting, e.raw FROM ${tables.evidence} e
    WHERE e.attempt_id = ${attemptId} AND e.waiting IS NOT NULL ORDER BY e.seq`);
  return rows.map((row) => reviveCallback(row, attemptId, cipher));
}

function reviveCallback(
  { waiting, raw }: Row,
  attemptId: string,
  cipher: PersonalDataCipher,
): CallbackReceived {
  try {
    const received = JSON.parse(
      String(cipher.open(String(waiting), 'callback')),
    ) as CallbackReceived;
    received.raw = openBody(raw, cipher) ?? '';
    const { metadata } = received.callback;
    if (metadata.paidAt) metadata.paidAt = new Date(metadata.paidAt);
    return received;
  } catch {
    throw new UnreadableRowError(
      `A callback that waits for attempt ${attemptId} is damaged. Restore it from a backup.`,
    );
  }
}

/** The body of a callback; null where there is none, or its key is lost. */
export const openBody = (raw: unknown, cipher: PersonalDataCipher): string | null =>
  typeof raw === 'string' ? cipher.open(raw, 'callback') : null;

/** They have been decided: they wait no longer. */
export const waitingEnded = ({ tables }: StoreContext, attemptId: string): NamedChange => ({
  name: 'ended',
  statement: sql`
    UPDATE ${tables.evidence} SET waiting = NULL
    WHERE attempt_id = ${attemptId} AND waiting IS NOT NULL`,
});

/** What was learned, in order; the callback is the one that the first entry is of. */
export function historyWritten(
  { dialect, tables, cipher }: StoreContext,
  attemptId: string,
  entries: readonly StkHistoryEntry[],
  callback: CallbackReceived | null,
): NamedChange[] {
  if (entries.length === 0) return [];
  const rows = entries.map((entry, index) => {
    const received = index === 0 ? callback : null;
    const seal = (text: string) => cipher.seal(text, 'callback');
    const waiting = entry.callback === 'deferred' && received ? seal(withoutBody(received)) : null;
    const at = dialect.instant(entry.at.getTime());
    return sql`(${attemptId}, ${at}, ${entry.kind}, ${entry.from},
      ${entry.to}, ${JSON.stringify(entry.detail)}, ${entry.callback}, ${received?.digest ?? null},
      ${received ? seal(received.raw) : null}, ${received ? at : null}, ${waiting})`;
  });
  const statement = sql`
    INSERT INTO ${tables.evidence} (attempt_id, recorded_at, kind, from_status, to_status, detail,
      disposition, digest, raw, body_at, waiting)
    VALUES ${join(rows)}`;
  return [{ name: 'learned', statement }];
}

const withoutBody = (received: CallbackReceived): string =>
  JSON.stringify({ ...received, raw: undefined });

/** The rows that were written of callbacks themselves, not of what became of them later. */
export async function readCallbacks(
  session: Session,
  { dialect, tables, cipher }: StoreContext,
  attemptId: string,
): Promise<StoredCallback[]> {
  const rows = await session.rows(sql`
    SELECT ${dialect.toMs(sql`e.recorded_at`)} AS recorded_at, e.disposition, e.raw
    FROM ${tables.evidence} e WHERE e.attempt_id = ${attemptId} AND e.digest IS NOT NULL ORDER BY e.seq`);
  return rows.map(({ recorded_at: recordedAt, disposition, raw }) => ({
    receivedAt: new Date(Number(recordedAt)),
    disposition: disposition as StoredCallback['disposition'],
    raw: openBody(raw, cipher),
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
        `Attempt ${attemptId} was from ${String(from)} to ${String(to)}, which this version does not know. Was it stored by a newer one? Then update this process.`,
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
