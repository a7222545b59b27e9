import type { Session } from '../session.js';
import { parameters, sql, type Sql } from '../sql.js';
import type { StoreContext } from './store-context.js';

/** A handler has an event of the order yet to be told, or failed on it. */
const isOwed = ({ tables }: StoreContext, order: Sql): Sql => sql`EXISTS (
  SELECT 1 FROM ${tables.delivery} d WHERE d.order_key = ${order}
    AND (d.due_at IS NOT NULL OR d.dead_at IS NOT NULL))`;

/** The condition on `a` of attempts whose personal data can go, oldest first. */
export const erasable = (context: StoreContext, createdBefore: Date, limit: number): Sql => sql`
  a.erased = ${false} AND a.created_at < ${context.dialect.instant(createdBefore.getTime())}
    AND a.status IN ('expired', 'rejected', 'failed', 'completed')
    AND a.needs_review = ${false} AND a.next_check_at IS NULL AND a.order_slot IS NULL
    AND NOT ${isOwed(context, sql`a.order_key`)}
  ORDER BY a.created_at, a.seq LIMIT ${limit}`;

/** Takes an attempt's bodies and the metadata of its events away; false where it is too early. */
export async function forgetPerson(
  session: Session,
  context: StoreContext,
  attemptId: string,
): Promise<boolean> {
  const { tables } = context;
  const free = await session.row(sql`
    SELECT a.seq FROM ${tables.attempt} a
    WHERE a.id = ${attemptId} AND NOT ${isOwed(context, sql`a.order_key`)}`);
  if (!free) return false;
  await session.change(sql`
    UPDATE ${tables.evidence} SET raw = NULL, body_at = NULL WHERE attempt_id = ${attemptId}`);
  const events = await session.rows(sql`
    SELECT e.seq, e.payload FROM ${tables.event} e WHERE e.attempt_id = ${attemptId}`);
  for (const { seq, payload } of events) {
    const event = JSON.parse(String(payload)) as { metadata: unknown };
    if (event.metadata === null) continue;
    const without = JSON.stringify({ ...event, metadata: null });
    await session.change(
      sql`UPDATE ${tables.event} SET payload = ${without} WHERE seq = ${Number(seq)}`,
    );
  }
  return true;
}

/** Takes the oldest bodies away that came before then. */
export async function forgetBodies(
  session: Session,
  { dialect, tables }: StoreContext,
  receivedBefore: Date,
  limit: number,
): Promise<number> {
  const old = await session.rows(sql`
    SELECT e.seq FROM ${tables.evidence} e
    WHERE e.body_at < ${dialect.instant(receivedBefore.getTime())} AND e.waiting IS NULL
    ORDER BY e.body_at LIMIT ${limit}`);
  if (old.length === 0) return 0;
  const seqs = parameters(old.map(({ seq }) => Number(seq)));
  return session.change(sql`
    UPDATE ${tables.evidence} SET raw = NULL, body_at = NULL
    WHERE seq IN (${seqs}) AND body_at IS NOT NULL`);
}
