/**
 * Where an attempt stands. The order is the rank: a status only ever rises.
 *
 * - `created`: stored, nothing sent.
 * - `sending`: claimed by one process, which is about to ask Daraja.
 * - `uncertain`: a prompt may be out, Daraja's answer is not known.
 * - `pending`: Daraja accepted, the phone is asked.
 * - `expired`: the deadline passed without evidence either way.
 * - `rejected`: Daraja refused, or it is proven that nothing was sent.
 * - `failed`: Daraja says that the customer did not pay.
 * - `completed`: paid.
 * @publicApi
 */
export type StkAttemptStatus =
  'created' | 'sending' | 'uncertain' | 'pending' | 'expired' | 'rejected' | 'failed' | 'completed';

const RANK: Record<StkAttemptStatus, number> = {
  created: 0,
  sending: 1,
  uncertain: 2,
  pending: 3,
  expired: 4,
  rejected: 5,
  failed: 6,
  completed: 7,
};

/** All of them, by rank. */
export const ATTEMPT_STATUSES = Object.keys(RANK) as readonly StkAttemptStatus[];

export const rises = (from: StkAttemptStatus, to: StkAttemptStatus): boolean =>
  RANK[to] > RANK[from];

/** Statuses that are not settled. */
export const OPEN_STATUSES: readonly StkAttemptStatus[] = (
  Object.keys(RANK) as StkAttemptStatus[]
).filter((status) => RANK[status] < RANK.expired);

/** Statuses at which a caller who waits is answered. */
export const isSettled = (status: StkAttemptStatus): boolean => RANK[status] >= RANK.expired;
