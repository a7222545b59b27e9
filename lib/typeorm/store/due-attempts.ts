import type { AttemptRecord } from '../../attempts/attempt-record.js';
import { parameters, sql } from '../sql.js';
import type { AttemptReader } from './attempt-reader.js';
import { attemptColumns } from './attempt-row.js';
import type { StoreContext } from './store-context.js';

/** Leases attempts whose next look is due, longest due first. */
export async function claimDueAttempts(
  { database, dialect, tables }: StoreContext,
  reader: AttemptReader,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<AttemptRecord[]> {
  const due = sql`a.next_check_at <= ${dialect.now}`;
  const oldest = sql`ORDER BY a.next_check_at LIMIT ${limit}`;
  // Most looks find nothing, and need no transaction for it.
  const first = sql`SELECT a.seq FROM ${tables.attempt} a WHERE ${due} ${oldest}`;
  const found = await database.read((session) => session.rows(first));
  if (found.length === 0) return [];
  return database.transaction(async (session) => {
    const rows = await session.rows(sql`
      SELECT a.seq, ${dialect.nowMs} AS now_ms, ${attemptColumns(dialect)}
      FROM ${tables.attempt} a WHERE ${due} ${oldest} ${dialect.forUpdateSkipLocked}`);
    if (rows.length === 0) return [];
    const until = Number(rows[0]?.now_ms) + leaseMs;
    await session.change(sql`
      UPDATE ${tables.attempt}
      SET next_check_at = ${dialect.instant(until)}, version = version + 1
      WHERE seq IN (${parameters(rows.map(({ seq }) => Number(seq)))})`);
    return reader.readable(rows).map((attempt) => ({
      ...attempt,
      version: attempt.version + 1,
      nextCheckAt: new Date(until),
    }));
  });
}
