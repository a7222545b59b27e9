import type { AttemptRecord } from '../../attempts/attempt-record.js';
import type { NewAttempt, Opening } from '../../attempts/attempt-store.js';
import { attemptOf } from '../../attempts/nothing-known.js';
import { isSameInput } from '../../attempts/personal-data.js';
import { DatabaseError } from '../database.error.js';
import type { Session } from '../session.js';
import { join, raw, sql, type Sql } from '../sql.js';
import type { AttemptReader } from './attempt-reader.js';
import { attemptColumns, attemptValues, readAttempt } from './attempt-row.js';
import type { StoreContext } from './store-context.js';

/** How often to look who was in the way, where nobody is any more. */
const TRIES = 4;

/**
 * Stores a new attempt where its order and its key allow it. Refused by indexes and not by an error, so
 * that a transaction of the caller's stays usable.
 */
export async function openAttempt(
  session: Session,
  context: StoreContext,
  reader: AttemptReader,
  attempt: NewAttempt,
): Promise<Opening> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const stored = await insert(session, context, reader, attempt);
    if (stored) return { outcome: 'opened', attempt: stored };
    const inTheWay = await whoIsInTheWay(session, context, attempt);
    // Stored, and the answer was lost.
    if (inTheWay?.attempt.id === attempt.id) return { ...inTheWay, outcome: 'opened' };
    if (inTheWay) return inTheWay;
  }
  throw new DatabaseError('conflict', 'Others are opening and closing attempts of this order');
}

/** The attempt as it was stored; null where it is refused. */
async function insert(
  session: Session,
  context: StoreContext,
  reader: AttemptReader,
  { checkAfterMs, ...attempt }: NewAttempt,
): Promise<AttemptRecord | null> {
  const { dialect, tables, clock } = context;
  const unset = new Date(0);
  const isClaimed = attempt.status === 'sending';
  const stored: AttemptRecord = {
    ...attempt,
    version: 1,
    createdAt: unset,
    sentAt: null,
    nextCheckAt: unset,
  };
  const values = attemptValues(stored, context)
    .set('created_at', dialect.now)
    .set('sent_at', isClaimed ? dialect.now : raw('NULL'))
    .set('next_check_at', dialect.later(checkAfterMs));
  const columns = join([...values.keys()].map(raw));
  const rows = sql`(${columns})
    SELECT ${join([...values.values()])} FROM (SELECT 1 AS one) src
    WHERE NOT EXISTS (SELECT 1 FROM ${tables.settlement} s WHERE s.order_key = ${attempt.order})`;
  if (dialect.returnsChanges) {
    const row = await session.oftenRow(sql`
      INSERT INTO ${tables.attempt} AS a ${rows} ${dialect.ignoreConflict ?? sql``}
      RETURNING ${dialect.toMs(sql`a.created_at`)} AS created_ms,
        ${dialect.toMs(sql`a.next_check_at`)} AS check_ms`);
    if (!row) return null;
    const createdAt = new Date(Number(row.created_ms));
    clock.heard(createdAt);
    const sentAt = isClaimed ? createdAt : null;
    const nextCheckAt = new Date(Number(row.check_ms));
    const found: AttemptRecord = { ...stored, createdAt, sentAt, nextCheckAt };
    return attemptOf((property) => found[property]);
  }
  const isNew = await session.insertNew(sql`INSERT INTO ${tables.attempt} ${rows}`);
  return isNew ? reader.one(session, sql`a.id = ${attempt.id}`) : null;
}

/** Of several reasons the first one counts. */
async function whoIsInTheWay(
  session: Session,
  { dialect, tables, cipher }: StoreContext,
  asked: NewAttempt,
): Promise<Opening | null> {
  const { idempotencyKey, order, orderSlot } = asked;
  const look = (rank: number, condition: Sql): Sql =>
    sql`SELECT * FROM (SELECT ${raw(String(rank))} AS hindrance, ${attemptColumns(dialect)}
      FROM ${tables.attempt} a WHERE ${condition} ${dialect.freshRead}) ${raw(`r${rank}`)}`;
  const settledBy = sql`SELECT s.attempt_id FROM ${tables.settlement} s WHERE s.order_key = ${order}`;
  const looks = [
    ...(idempotencyKey === null ? [] : [look(1, sql`a.idempotency_key = ${idempotencyKey}`)]),
    look(2, sql`a.id = (${settledBy})`),
    ...(orderSlot === null ? [] : [look(3, sql`a.order_slot = ${orderSlot}`)]),
  ];
  const row = await session.row(sql`${join(looks, ' UNION ALL ')} ORDER BY hindrance LIMIT 1`);
  if (!row) return null;
  const attempt = readAttempt(row, cipher);
  switch (Number(row.hindrance)) {
    case 1:
      return { outcome: isSameInput(attempt, asked) ? 'replayed' : 'key-reused', attempt };
    case 2:
      return { outcome: 'order-paid', attempt };
    default:
      return { outcome: 'order-busy', attempt };
  }
}
