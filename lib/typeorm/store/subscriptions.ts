import type { Session } from '../session.js';
import { sql } from '../sql.js';
import type { StoreContext } from './store-context.js';

/** How far back a new handler is given what nobody has done, in ms. */
const BACKLOG_MS = 48 * 3_600_000;
/** For how long an event may have been under way while its handler was made known, in ms. */
const UNDER_WAY_MS = 60_000;
/** How far back a look goes for events that were under way, in ms: further than two looks are apart. */
const LOOK_BACK_MS = 600_000;

/**
 * Makes handlers known. Repeating it finds events of transactions that did not see a handler yet
 * because it was just being made known.
 */
export async function subscribe(
  session: Session,
  context: StoreContext,
  handlers: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const pairs = [...handlers].flatMap(([type, ids]) => ids.map((handler) => ({ type, handler })));
  // In one order everywhere: two processes that start together do not lock each other out.
  pairs.sort((a, b) => (`${a.type}\n${a.handler}` < `${b.type}\n${b.handler}` ? -1 : 1));
  const { dialect, tables } = context;
  for (const { type, handler } of pairs) {
    const isNew = await session.insertNew(sql`
      INSERT INTO ${tables.handler} (handler, type, since)
      SELECT ${handler}, ${type}, ${dialect.now} FROM (SELECT 1 AS one) src
      WHERE NOT EXISTS (SELECT 1 FROM ${tables.handler} h
        WHERE h.handler = ${handler} AND h.type = ${type})`);
    await deliverOlder(session, context, type, handler, isNew);
  }
}

/**
 * Has older events wait for the handler: of a new one, those that nobody has done. What a new one is
 * not given is noted as done, which tells it from what was under way and is found by a later look.
 */
async function deliverOlder(
  session: Session,
  { dialect, tables }: StoreContext,
  type: string,
  handler: string,
  isNew: boolean,
): Promise<void> {
  const since = dialect.later(-(isNew ? BACKLOG_MS : LOOK_BACK_MS));
  const underWay = sql`${dialect.toMs(sql`e.occurred_at`)} >= (
    SELECT ${dialect.toMs(sql`h.since`)} - ${UNDER_WAY_MS} FROM ${tables.handler} h
    WHERE h.handler = ${handler} AND h.type = ${type})`;
  const undone = sql`NOT EXISTS (SELECT 1 FROM ${tables.delivery} d
    WHERE d.event_seq = e.seq AND d.due_at IS NULL AND d.dead_at IS NULL)`;
  const dueAt = isNew ? sql`CASE WHEN ${undone} THEN ${dialect.now} END` : dialect.now;
  await session.change(sql`
    INSERT INTO ${tables.delivery} (event_seq, handler, order_key, tries, fence, due_at, error)
    SELECT e.seq, ${handler}, e.order_key, 0, 0, ${dueAt}, ''
    FROM ${tables.event} e
    WHERE e.type = ${type} AND e.occurred_at >= ${since}
      AND NOT EXISTS (SELECT 1 FROM ${tables.delivery} d
        WHERE d.event_seq = e.seq AND d.handler = ${handler})
      AND (${underWay} OR ${isNew ? undone : sql`1 = 0`})
    ORDER BY e.seq
    ${dialect.ignoreConflicts('event_seq')}`);
}

export async function forgetHandler(
  session: Session,
  { tables }: StoreContext,
  handler: string,
): Promise<number> {
  await session.change(sql`DELETE FROM ${tables.handler} WHERE handler = ${handler}`);
  return session.change(sql`
    DELETE FROM ${tables.delivery}
    WHERE handler = ${handler} AND (due_at IS NOT NULL OR dead_at IS NOT NULL)`);
}
