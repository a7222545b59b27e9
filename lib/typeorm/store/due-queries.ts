import { ASK_RANKS } from '../../attempts/decide/schedule.js';
import type { AttemptRecord } from '../../attempts/attempt-record.js';
import type { Session } from '../session.js';
import { join, sql, type Sql } from '../sql.js';
import type { AttemptReader } from './attempt-reader.js';
import { attemptColumns } from './attempt-row.js';
import type { StoreContext } from './store-context.js';

/** Accounts of attempts whose query is due, by name: one search of an index each. */
export async function accountsToAsk(
  { database, dialect, tables }: StoreContext,
  { after, limit }: { after: string | null; limit: number },
): Promise<string[]> {
  const due = sql`a.ask_at <= ${dialect.now}`;
  return database.read(async (session) => {
    // Most looks find nothing.
    const any = await session.row(sql`SELECT a.seq FROM ${tables.attempt} a WHERE ${due} LIMIT 1`);
    const accounts: string[] = [];
    if (!any) return accounts;
    let last = after ?? '';
    while (accounts.length < limit) {
      const next = await nextAccount(session, tables.attempt, last);
      if (next === null) break;
      last = next;
      const row = await session.row(firstOf(tables.attempt, next, due, sql`a.seq`));
      if (row) accounts.push(next);
    }
    return accounts;
  });
}

/** Leases the one to ask about. */
export async function claimQuery(
  { database, dialect, tables }: StoreContext,
  reader: AttemptReader,
  { account, leaseMs }: { account: string; leaseMs: number },
): Promise<AttemptRecord | null> {
  const due = sql`a.ask_at <= ${dialect.now}`;
  return database.transaction(async (session) => {
    for (const rank of ASK_RANKS) {
      const [row] = await session.rows(sql`
        SELECT a.seq, ${dialect.nowMs} AS now_ms, ${attemptColumns(dialect)}
        FROM ${tables.attempt} a
        WHERE a.ask_rank = ${rank} AND a.account = ${account} AND ${due}
        ORDER BY a.ask_at LIMIT 1 ${dialect.forUpdateSkipLocked}`);
      if (!row) continue;
      const until = Number(row.now_ms) + leaseMs;
      await session.change(sql`
        UPDATE ${tables.attempt}
        SET ask_at = ${dialect.instant(until)}, version = version + 1
        WHERE seq = ${Number(row.seq)}`);
      const [attempt] = reader.readable([row]);
      if (attempt) {
        return { ...attempt, version: attempt.version + 1, askAt: new Date(until) };
      }
    }
    return null;
  });
}

/** The next account that has a query scheduled, due or not. */
async function nextAccount(session: Session, table: Sql, after: string): Promise<string | null> {
  const firsts = ASK_RANKS.map(
    (rank) => sql`SELECT * FROM (SELECT a.account FROM ${table} a
      WHERE a.ask_rank = ${rank} AND a.account > ${after} ORDER BY a.account LIMIT 1) p`,
  );
  const row = await session.row(sql`
    SELECT MIN(u.account) AS account FROM (${join(firsts, ' UNION ALL ')}) u`);
  return typeof row?.account === 'string' ? row.account : null;
}

/** The account's first due attempt of any rank. */
function firstOf(table: Sql, account: string, due: Sql, columns: Sql): Sql {
  const firsts = ASK_RANKS.map(
    (rank) => sql`SELECT * FROM (SELECT ${columns} FROM ${table} a
      WHERE a.ask_rank = ${rank} AND a.account = ${account} AND ${due} LIMIT 1) p`,
  );
  return sql`SELECT u.* FROM (${join(firsts, ' UNION ALL ')}) u LIMIT 1`;
}
