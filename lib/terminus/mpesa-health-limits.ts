/**
 * From when on something counts as wrong.
 * @publicApi
 */
export interface MpesaHealthLimits {
  /**
   * How long the store may take to answer, in ms.
   * @default 2000
   */
  timeoutMs?: number;
  /**
   * How long an event may be due without a handler being told, in ms.
   * @default 60000
   */
  outboxLagMs?: number;
  /**
   * Age that an attempt may come to without being settled, in ms.
   * @default three times `reconciliation.expireAfterMs`: 900000
   */
  unresolvedMs?: number;
}

export const DEFAULT_TIMEOUT_MS = 2_000;
export const DEFAULT_OUTBOX_LAG_MS = 60_000;
/** By twice the time it has expired, were it looked after. */
export const DEFAULT_UNRESOLVED_DEADLINES = 3;
