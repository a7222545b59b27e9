import type { AttemptRecord } from '../../attempts/attempt-record.js';
import type { SendClaim, SendClaimed } from '../../attempts/attempt-store.js';
import type { Session } from '../session.js';
import { sql } from '../sql.js';
import type { AttemptReader } from './attempt-reader.js';
import type { StoreContext } from './store-context.js';

/**
 * created → sending, or sending → sending, in one conditional update. Knows its own claim by the token:
 * where the answer to it was lost, it is done again on another connection.
 */
export async function claimSend(
  session: Session,
  context: StoreContext,
  reader: AttemptReader,
  claim: SendClaim,
  known?: AttemptRecord,
): Promise<SendClaimed> {
  const { attemptId } = claim;
  const claimed = await update(session, context, reader, claim, known);
  if (claimed) return { outcome: 'claimed', attempt: claimed };
  const attempt = await reader.one(session, sql`a.id = ${attemptId}`);
  if (!attempt) throw new Error(`There is no attempt ${attemptId}`);
  const paidBy = await reader.one(
    session,
    sql`a.id = (SELECT s.attempt_id FROM ${context.tables.settlement} s
      WHERE s.order_key = ${attempt.order} AND s.attempt_id <> ${attemptId})`,
  );
  return paidBy ? { outcome: 'order-paid', attempt: paidBy } : { outcome: 'lost', attempt };
}

/** The attempt as it is then; null where it cannot be claimed. */
async function update(
  session: Session,
  { dialect, tables, clock }: StoreContext,
  reader: AttemptReader,
  { attemptId, sends, tokenHash, sendWithinMs, checkAfterMs }: SendClaim,
  known?: AttemptRecord,
): Promise<AttemptRecord | null> {
  const statement = sql`
    UPDATE ${tables.attempt} AS a
    SET status = 'sending', token_hash = ${tokenHash}, sends = ${sends + 1},
      sent_at = ${dialect.now}, next_check_at = ${dialect.later(checkAfterMs)}, version = version + 1
    WHERE a.id = ${attemptId} AND a.status IN ('created', 'sending')
      AND (a.sends = ${sends} OR a.token_hash = ${tokenHash})
      AND (a.status = 'sending' OR a.created_at >= ${dialect.later(-sendWithinMs)})
      AND NOT EXISTS (SELECT 1 FROM ${tables.settlement} s
        WHERE s.order_key = a.order_key AND s.attempt_id <> a.id)`;
  if (!dialect.returnsChanges) {
    const count = await session.change(statement);
    return count === 1 ? reader.one(session, sql`a.id = ${attemptId}`) : null;
  }
  const row = await session.oftenRow(sql`${statement} RETURNING a.version,
    ${dialect.toMs(sql`a.sent_at`)} AS sent_ms, ${dialect.toMs(sql`a.next_check_at`)} AS check_ms`);
  if (!row) return null;
  const [version, sentAt] = [Number(row.version), new Date(Number(row.sent_ms))];
  clock.heard(sentAt);
  if (known?.version !== version - 1) return reader.one(session, sql`a.id = ${attemptId}`);
  const nextCheckAt = new Date(Number(row.check_ms));
  return { ...known, version, status: 'sending', tokenHash, sends: sends + 1, sentAt, nextCheckAt };
}
