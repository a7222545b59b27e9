import type { AttemptRecord } from '../../attempts/attempt-record.js';
import type { StoreFacts } from '../../attempts/decision.js';
import { factsNeeded } from '../../attempts/decide/facts-needed.js';
import type { Evidence } from '../../attempts/evidence.js';
import { parameters, sql, type Sql } from '../sql.js';
import type { StoreContext } from './store-context.js';

/** How far the database's clock may be from what was presumed, in ms. */
const CLOCK_TOLERANCE_MS = 1_000;

/** What nearly always holds, so that it is not read before it is decided by. */
export interface Presumption {
  facts: StoreFacts;
  /** Whether it did hold: a condition on the attempt `a`, for the statement that writes. */
  holds: Sql;
}

/** That nothing stands in the attempt's way; null where the database's time is not known. */
export function presume(
  { dialect, tables, cipher, clock }: StoreContext,
  attempt: AttemptRecord,
  evidence: Evidence,
): Presumption | null {
  const { now } = clock;
  if (!now) return null;
  const { receipt, checkoutRequestId } = factsNeeded(attempt, evidence);
  const nobodyHas = (column: Sql, forms: readonly string[] | null) =>
    forms === null
      ? sql``
      : sql`AND NOT EXISTS (SELECT 1 FROM ${tables.attempt} o
          WHERE ${column} IN (${parameters(forms)}) AND o.id <> a.id)`;
  const ids =
    checkoutRequestId === null ? null : cipher.fixedForms(checkoutRequestId, 'checkout-request-id');
  const at = (ms: number) => dialect.instant(now.getTime() + ms);
  const holds = sql`
    ${dialect.now} BETWEEN ${at(-CLOCK_TOLERANCE_MS)} AND ${at(CLOCK_TOLERANCE_MS)}
    AND NOT EXISTS (SELECT 1 FROM ${tables.settlement} s WHERE s.order_key = a.order_key)
    ${nobodyHas(sql`o.receipt`, receipt === null ? null : [receipt])}
    ${nobodyHas(sql`o.checkout_request_id`, ids)}`;
  const facts = { now, settledBy: null, receiptOwner: null, checkoutRequestIdOwner: null };
  return { facts, holds };
}
