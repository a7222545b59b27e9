import type { AttemptRecord } from '../../attempts/attempt-record.js';
import type { Settlement } from '../../attempts/attempt-store.js';
import type { Decide, StoreFacts } from '../../attempts/decision.js';
import type { FactsNeeded } from '../../attempts/decide/facts-needed.js';
import type { Evidence } from '../../attempts/evidence.js';
import { settle } from '../../attempts/settle.js';
import { DatabaseError } from '../database.error.js';
import type { Row, Session } from '../session.js';
import { parameters, raw, sql, type Sql } from '../sql.js';
import { attemptColumns, readAttempt, textOrNull } from './attempt-row.js';
import { readWaiting } from './evidence-rows.js';
import { presume, type Presumption } from './presumption.js';
import { writeSettlement } from './settlement-writer.js';
import type { StoreContext } from './store-context.js';

/** What one settlement came to. */
export interface Settled extends Settlement {
  changed: boolean;
}

/** What is to be settled, by what. */
export interface ToSettle {
  target: { attemptId: string } | { tokenHash: string };
  evidence: Evidence;
  decide: Decide;
  /** The attempt as the caller had it last. */
  known?: AttemptRecord | undefined;
}

/** Has evidence decided of an attempt as it is, with the facts, and writes what was decided. */
export function settleAttempt(context: StoreContext, what: ToSettle): Promise<Settled | null> {
  const { database, dialect } = context;
  const settling = new Settling(context, what);
  const locked = (session: Session) => settling.underLock(session);
  if (!dialect.returnsChanges) return database.transaction(locked);
  const presumption = what.known ? presume(context, what.known, what.evidence) : null;
  return database.atOnce(
    (session) =>
      what.known && presumption
        ? settling.asKnown(session, what.known, presumption)
        : settling.byVersion(session),
    locked,
  );
}

/** One settlement. What it reads and decides may be done again, when others were in the way. */
class Settling {
  private readonly needed: FactsNeeded;

  constructor(
    private readonly context: StoreContext,
    private readonly what: ToSettle,
  ) {
    this.needed = neededBeforehand(what.evidence);
  }

  /** By one statement, which writes only where the attempt is as known, and what is presumed holds. */
  async asKnown(
    session: Session,
    known: AttemptRecord,
    { facts, holds }: Presumption,
  ): Promise<Settled | null> {
    const { evidence, decide } = this.what;
    const asked = {
      facts: () => Promise.resolve(facts),
      // One that waits would have raised the version.
      deferredCallbacks: () => Promise.resolve([]),
    };
    const result = await settle(asked, known, evidence, decide);
    // Where nothing is written nothing shows whether it is as known.
    if (!result.raisesVersion) return this.byVersion(session);
    const next = await writeSettlement(session, this.context, known, evidence, result, holds);
    return { attempt: next, callback: result.callback, changed: true };
  }

  /**
   * By two statements, without a transaction around them: the second writes everything, and only
   * where the attempt still has the version that the first one read. What another one committed
   * meanwhile, a callback that has to wait included, shows as that, or as a unique violation.
   */
  async byVersion(session: Session): Promise<Settled | null> {
    return this.settle(session, await this.read(session, raw('')));
  }

  /** In a transaction, with the attempt locked. */
  async underLock(session: Session): Promise<Settled | null> {
    const { forUpdate } = this.context.dialect;
    const row = await this.read(session, forUpdate);
    // Having waited for the lock, the row is fresh and what stands beside it is from before the wait.
    const isStale = row !== null && Number(row.known_version) !== Number(row.version);
    return this.settle(session, isStale ? await this.read(session, forUpdate) : row);
  }

  private async settle(session: Session, row: Row | null): Promise<Settled | null> {
    if (!row) return null;
    const { context, needed } = this;
    const { evidence, decide } = this.what;
    const attempt = readAttempt(row, this.context.cipher);
    if (row.seen !== null) return { attempt, callback: 'duplicate', changed: false };
    const result = await settle(
      {
        facts: (asking, wanted) => factsFor(session, context, asking, wanted, needed, row),
        deferredCallbacks: () =>
          row.waits ? readWaiting(session, context, attempt.id) : Promise.resolve([]),
      },
      attempt,
      evidence,
      decide,
    );
    const next = await writeSettlement(session, context, attempt, evidence, result);
    return { attempt: next, callback: result.callback, changed: next !== attempt };
  }

  private read(session: Session, lock: Sql): Promise<Row | null> {
    const { context, needed } = this;
    const { target, evidence } = this.what;
    const { dialect, tables } = context;
    const digest = evidence.kind === 'callback' ? evidence.digest : null;
    const seen =
      digest === null
        ? sql`NULL`
        : sql`(SELECT d.seq FROM ${tables.evidence} d WHERE d.attempt_id = a.id AND d.digest = ${digest})`;
    // Of a callback nobody asks, as it ends no sending.
    const waits =
      digest === null
        ? sql`EXISTS (SELECT 1 FROM ${tables.evidence} w
            WHERE w.attempt_id = a.id AND w.waiting IS NOT NULL)`
        : sql`${false}`;
    const where =
      'attemptId' in target
        ? sql`a.id = ${target.attemptId}`
        : sql`a.token_hash = ${target.tokenHash}`;
    return session.oftenRow(sql`
      SELECT ${attemptColumns(dialect)}, ${factColumns(context, needed, sql`a.order_key`, sql`a.id`)},
        ${seen} AS seen, ${waits} AS waits,
        (SELECT v.version FROM ${tables.attempt} v WHERE v.id = a.id) AS known_version
      FROM ${tables.attempt} a WHERE ${where} ${lock}`);
  }
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

function factColumns(
  { dialect, tables, cipher }: StoreContext,
  { receipt, checkoutRequestId }: FactsNeeded,
  order: Sql,
  id: Sql,
): Sql {
  const owner = (column: Sql, forms: readonly string[] | null) =>
    forms === null
      ? sql`NULL`
      : sql`(SELECT o.id FROM ${tables.attempt} o
          WHERE ${column} IN (${parameters(forms)}) AND o.id <> ${id} LIMIT 1)`;
  const ids =
    checkoutRequestId === null ? null : cipher.fixedForms(checkoutRequestId, 'checkout-request-id');
  return sql`${dialect.nowMs} AS now_ms,
    (SELECT s.attempt_id FROM ${tables.settlement} s WHERE s.order_key = ${order}) AS settled_by,
    ${owner(sql`o.receipt`, receipt === null ? null : [receipt])} AS receipt_owner,
    ${owner(sql`o.checkout_request_id`, ids)} AS ids_owner`;
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
