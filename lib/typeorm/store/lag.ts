import { OPEN_STATUSES } from '../../attempts/attempt-status.js';
import type { StoreLag } from '../../attempts/attempt-store.js';
import type { Session } from '../session.js';
import { join, sql, type Sql } from '../sql.js';
import type { StoreContext } from './store-context.js';

/** How far behind the store is: one search of an index for each handler, and for each open status. */
export function readLag({ database, dialect, tables }: StoreContext): Promise<StoreLag> {
  return database.read(async (session) => {
    const handlers = await session.rows(sql`SELECT DISTINCT h.handler FROM ${tables.handler} h`);
    const due = handlers.map(
      ({ handler }) => sql`
        SELECT * FROM (SELECT ${dialect.toMs(sql`d.due_at`)} AS since_ms FROM ${tables.delivery} d
          WHERE d.handler = ${String(handler)} AND d.due_at <= ${dialect.now}
          ORDER BY d.due_at LIMIT 1) p`,
    );
    const open = OPEN_STATUSES.map(
      (status) => sql`
        SELECT * FROM (SELECT ${dialect.toMs(sql`a.created_at`)} AS since_ms FROM ${tables.attempt} a
          WHERE a.status = ${status} ORDER BY a.created_at LIMIT 1) p`,
    );
    return {
      outboxMs: due.length === 0 ? 0 : await ageOfOldest(session, dialect.nowMs, due),
      unresolvedMs: await ageOfOldest(session, dialect.nowMs, open),
    };
  });
}

async function ageOfOldest(session: Session, nowMs: Sql, candidates: Sql[]): Promise<number> {
  const row = await session.row(sql`
    SELECT ${nowMs} AS now_ms, MIN(u.since_ms) AS since_ms FROM (${join(candidates, ' UNION ALL ')}) u`);
  const since = row?.since_ms ?? null;
  return since === null ? 0 : Math.max(0, Number(row?.now_ms) - Number(since));
}
