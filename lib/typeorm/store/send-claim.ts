import type { SendClaim, SendClaimed } from '../../attempts/attempt-store.js';
import type { Session } from '../session.js';
import { sql } from '../sql.js';
import type { AttemptReader } from './attempt-reader.js';
import type { StoreContext } from './store-context.js';

/** created → sending, or sending → sending, in one conditional update. */
export async function claimSend(
  session: Session,
  { dialect, tables }: StoreContext,
  reader: AttemptReader,
  { attemptId, sends, tokenHash, sendWithinMs, checkAfterMs }: SendClaim,
): Promise<SendClaimed> {
  const claimed = await session.change(sql`
    UPDATE ${tables.attempt} AS a
    SET status = 'sending', token_hash = ${tokenHash}, sends = ${sends + 1},
      sent_at = ${dialect.now}, next_check_at = ${dialect.later(checkAfterMs)}, version = version + 1
    WHERE a.id = ${attemptId} AND a.sends = ${sends} AND a.status IN ('created', 'sending')
      AND (a.status = 'sending' OR a.created_at >= ${dialect.later(-sendWithinMs)})
      AND NOT EXISTS (SELECT 1 FROM ${tables.settlement} s
        WHERE s.order_key = a.order_key AND s.attempt_id <> a.id)`);
  const attempt = await reader.one(session, sql`a.id = ${attemptId}`);
  if (!attempt) throw new Error(`There is no attempt ${attemptId}`);
  if (claimed === 1) return { outcome: 'claimed', attempt };
  const paidBy = await reader.one(
    session,
    sql`a.id = (SELECT s.attempt_id FROM ${tables.settlement} s
      WHERE s.order_key = ${attempt.order} AND s.attempt_id <> ${attemptId})`,
  );
  return paidBy ? { outcome: 'order-paid', attempt: paidBy } : { outcome: 'lost', attempt };
}
