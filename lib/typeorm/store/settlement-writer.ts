import type { AttemptRecord } from '../../attempts/attempt-record.js';
import type { StkEvent } from '../../attempts/events/stk-event.js';
import type { Evidence } from '../../attempts/evidence.js';
import type { SettleResult } from '../../attempts/settle.js';
import type { NamedChange, Session } from '../session.js';
import { join, parameters, raw, sql, type Sql } from '../sql.js';
import { changedValues } from './attempt-row.js';
import { historyWritten, waitingEnded } from './evidence-rows.js';
import type { StoreContext } from './store-context.js';

/**
 * Writes what was decided of an attempt, and returns it as it then is.
 * @param presumed what must be so of `a`, beside its version
 */
export async function writeSettlement(
  session: Session,
  context: StoreContext,
  before: AttemptRecord,
  evidence: Evidence,
  result: SettleResult,
  presumed?: Sql,
): Promise<AttemptRecord> {
  const { raisesVersion } = result;
  const next = raisesVersion ? { ...result.attempt, version: before.version + 1 } : before;
  const callback = evidence.kind === 'callback' ? evidence : null;
  if (!raisesVersion && result.history.length === 0) return before;
  await session.changeAll([
    ...(raisesVersion || context.dialect.returnsChanges
      ? [attemptWritten(context, before, next, presumed)]
      : []),
    ...(result.undeferred.length > 0 ? [waitingEnded(context, before.id)] : []),
    ...historyWritten(context, before.id, result.history, callback),
    ...(result.settlesOrder ? [orderSettled(context, before)] : []),
    ...eventsTold(context, before.order, result.events),
  ]);
  return next;
}

/** Where nothing changes it sees to it that nobody else has changed anything. */
function attemptWritten(
  context: StoreContext,
  before: AttemptRecord,
  next: AttemptRecord,
  presumed?: Sql,
): NamedChange {
  const values = [...changedValues(before, next, context)];
  const assignments = values.map(([column, value]) => sql`${raw(column)} = ${value}`);
  if (assignments.length === 0) assignments.push(raw('version = version'));
  const statement = sql`
    UPDATE ${context.tables.attempt} AS a SET ${join(assignments)}
    WHERE a.id = ${before.id} AND a.version = ${before.version} ${presumed ? sql`AND ${presumed}` : sql``}`;
  return { name: 'attempt', statement, isRequired: true };
}

function orderSettled(
  { dialect, tables }: StoreContext,
  { order, id }: AttemptRecord,
): NamedChange {
  const statement = sql`
    INSERT INTO ${tables.settlement} (order_key, attempt_id, settled_at)
    VALUES (${order}, ${id}, ${dialect.now})`;
  return { name: 'settled', statement };
}

/** The events, and a delivery of each for each handler that is known by now. */
function eventsTold(
  { dialect, tables }: StoreContext,
  order: string,
  events: readonly StkEvent[],
): NamedChange[] {
  if (events.length === 0) return [];
  const rows = events.map(
    (event) =>
      sql`(${event.id}, ${event.type}, ${event.attemptId}, ${order}, ${JSON.stringify(event)},
        ${dialect.instant(event.occurredAt.getTime())})`,
  );
  const told = sql`
    INSERT INTO ${tables.event} (id, type, attempt_id, order_key, payload, occurred_at)
    VALUES ${join(rows)} ${dialect.ignoreConflicts('id')}`;
  const [source, condition] = dialect.returnsChanges
    ? [raw('told'), sql`1 = 1`]
    : [tables.event, sql`e.id IN (${parameters(events.map(({ id }) => id))})`];
  const delivered = sql`
    INSERT INTO ${tables.delivery} (event_seq, handler, order_key, tries, fence, due_at, error)
    SELECT e.seq, h.handler, e.order_key, 0, 0, ${dialect.now}, ''
    FROM ${source} e JOIN ${tables.handler} h ON h.type = e.type
    WHERE ${condition} ${dialect.ignoreConflicts('event_seq')}`;
  return [
    { name: 'told', statement: told, returning: raw('seq, type, order_key') },
    { name: 'delivered', statement: delivered },
  ];
}
