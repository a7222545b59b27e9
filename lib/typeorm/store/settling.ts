import type { AttemptRecord } from '../../attempts/attempt-record.js';
import type { Settlement } from '../../attempts/attempt-store.js';
import type { Decide, StoreFacts } from '../../attempts/decision.js';
import type { FactsNeeded } from '../../attempts/decide/facts-needed.js';
import type { Evidence } from '../../attempts/evidence.js';
import { failpoint } from '../../attempts/failpoint.js';
import { settle } from '../../attempts/settle.js';
import { DatabaseError } from '../database.error.js';
import type { Row, Session } from '../session.js';
import { sql, type Sql } from '../sql.js';
import { attemptColumns, readAttempt, textOrNull } from './attempt-row.js';
import { readWaiting } from './evidence-rows.js';
import { writeSettlement } from './settlement-writer.js';
import type { StoreContext } from './store-context.js';

/** What one settlement came to. */
export interface Settled extends Settlement {
  changed: boolean;
}

/**
 * Reads an attempt, locked, with the facts; has it decided; writes what was decided. What another
 * transaction committed meanwhile shows as a unique violation, or as a version that is no more there:
 * then the caller begins again.
 */
export async function settleAttempt(
  session: Session,
  context: StoreContext,
  target: { attemptId: string } | { tokenHash: string },
  evidence: Evidence,
  decide: Decide,
): Promise<Settled | null> {
  const needed = neededBeforehand(evidence);
  const row = await readLocked(session, context, target, evidence, needed);
  if (!row) return null;
  const attempt = readAttempt(row);
  if (row.seen !== null) return { attempt, callback: 'duplicate', changed: false };
  const result = await settle(
    {
      facts: (asking, wanted) => factsFor(session, context, asking, wanted, needed, row),
      deferredCallbacks: () => readWaiting(session, context, attempt.id),
    },
    attempt,
    evidence,
    decide,
  );
  const next = await writeSettlement(session, context, attempt, evidence, result);
  await failpoint('settle.written');
  return { attempt: next, callback: result.callback, changed: next !== attempt };
}

/** What can be told before the attempt was read; it is read along with it. */
function neededBeforehand(evidence: Evidence): FactsNeeded {
  const none = { receipt: null, checkoutRequestId: null };
  switch (evidence.kind) {
    case 'callback': {
      const { checkoutRequestId, metadata } = evidence.callback;
      return { receipt: metadata.receipt ?? null, checkoutRequestId };
    }
    case 'push-accepted':
      return { ...none, checkoutRequestId: evidence.checkoutRequestId };
    case 'operator':
      return { ...none, receipt: evidence.receipt };
    default:
      return none;
  }
}

async function readLocked(
  session: Session,
  context: StoreContext,
  target: { attemptId: string } | { tokenHash: string },
  evidence: Evidence,
  needed: FactsNeeded,
): Promise<Row | null> {
  const { dialect, tables } = context;
  const digest = evidence.kind === 'callback' ? evidence.digest : null;
  const seen =
    digest === null
      ? sql`NULL`
      : sql`(SELECT d.seq FROM ${tables.evidence} d WHERE d.attempt_id = a.id AND d.digest = ${digest})`;
  const where =
    'attemptId' in target
      ? sql`a.id = ${target.attemptId}`
      : sql`a.token_hash = ${target.tokenHash}`;
  const statement = sql`
    SELECT ${attemptColumns(dialect)}, ${factColumns(context, needed, sql`a.order_key`, sql`a.id`)},
      ${seen} AS seen,
      (SELECT v.version FROM ${tables.attempt} v WHERE v.id = a.id) AS known_version
    FROM ${tables.attempt} a WHERE ${where} ${dialect.forUpdate}`;
  const row = await session.row(statement);
  // Having waited for the lock, the row is fresh and what stands beside it is from before the wait.
  const isStale = row !== null && Number(row.known_version) !== Number(row.version);
  return isStale ? session.row(statement) : row;
}

function factColumns(
  { dialect, tables }: StoreContext,
  { receipt, checkoutRequestId }: FactsNeeded,
  order: Sql,
  id: Sql,
): Sql {
  const owner = (column: Sql, value: string | null) =>
    value === null
      ? sql`NULL`
      : sql`(SELECT o.id FROM ${tables.attempt} o
          WHERE ${column} = ${value} AND o.id <> ${id} LIMIT 1)`;
  return sql`${dialect.nowMs} AS now_ms,
    (SELECT s.attempt_id FROM ${tables.settlement} s WHERE s.order_key = ${order}) AS settled_by,
    ${owner(sql`o.receipt`, receipt)} AS receipt_owner,
    ${owner(sql`o.checkout_request_id`, checkoutRequestId)} AS ids_owner`;
}

async function factsFor(
  session: Session,
  context: StoreContext,
  asking: AttemptRecord,
  wanted: FactsNeeded,
  had: FactsNeeded,
  row: Row,
): Promise<StoreFacts> {
  const isThere = (key: keyof FactsNeeded) => wanted[key] === null || wanted[key] === had[key];
  if (isThere('receipt') && isThere('checkoutRequestId')) return toFacts(row);
  const columns = factColumns(context, wanted, sql`${asking.order}`, sql`${asking.id}`);
  const facts = await session.row(sql`SELECT ${columns}`);
  if (!facts) throw new DatabaseError('other', 'The database had no answer');
  return toFacts(facts);
}

const toFacts = (row: Row): StoreFacts => ({
  now: new Date(Number(row.now_ms)),
  settledBy: textOrNull(row.settled_by),
  receiptOwner: textOrNull(row.receipt_owner),
  checkoutRequestIdOwner: textOrNull(row.ids_owner),
});
