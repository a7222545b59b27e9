import { hash, randomUUID } from 'node:crypto';
import type { NewAttempt } from '../attempts/attempt-store.js';
import type { JsonValue } from '../attempts/json.js';
import { BLANK_ATTEMPT } from '../attempts/nothing-known.js';
import type { DarajaAccount } from '../daraja/daraja-account.js';
import type { FreshClaim } from './fresh-claim.js';
import type { StkPushInput } from './stk-push-input.js';

/** A created attempt that is not claimed for sending within this time never will be, in ms. */
export const SEND_WITHIN_MS = 30_000;

// With all its properties at their places: see BLANK_ATTEMPT.
const BLANK: NewAttempt = { ...BLANK_ATTEMPT, checkAfterMs: SEND_WITHIN_MS };

/**
 * The attempt that a checked input asks for, as it is first stored.
 * @param traceparent of the work that it is part of
 */
export function newAttempt(
  input: StkPushInput,
  account: DarajaAccount,
  traceparent: string | null = null,
): NewAttempt {
  const id = randomUUID();
  const { orderId = null, idempotencyKey = null, callbackUrl = null, metadata = null } = input;
  const { phoneNumber, amount, accountReference, transactionDesc } = input;
  const transactionType = input.transactionType ?? account.transactionType;
  // The prefixes keep an order, a key and an attempt of the same text apart.
  const order = orderId
    ? `order:${orderId}`
    : idempotencyKey
      ? `key:${idempotencyKey}`
      : `id:${id}`;
  return {
    ...BLANK,
    id,
    account: account.name,
    orderId,
    order,
    orderSlot: order,
    idempotencyKey,
    // The names in this order for good: attempts that are stored have it of these.
    fingerprint: fingerprint({
      account: account.name,
      accountReference,
      amount,
      callbackUrl,
      metadata: sorted(metadata),
      orderId,
      phoneNumber: null,
      transactionDesc,
      transactionType,
    }),
    phoneNumber,
    amount,
    accountReference,
    transactionDesc,
    transactionType,
    callbackUrl,
    metadata,
    traceparent,
  };
}

/** The same, claimed for its first send by the commit that stores it. */
export const claimedAttempt = (
  attempt: NewAttempt,
  { tokenHash, checkAfterMs }: FreshClaim,
): NewAttempt => ({ ...attempt, status: 'sending', sends: 1, tokenHash, checkAfterMs });

const fingerprint = (input: JsonValue): string => hash('sha256', JSON.stringify(input), 'hex');

/** The same content in one order of keys. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
