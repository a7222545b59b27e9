import type { AttemptRecord } from '../../attempts/attempt-record.js';
import type { Purpose } from '../../privacy/personal-data-cipher.js';
import type { ColumnSpec } from './table-spec.js';

/** How a property of an attempt is kept. `json` is text in JSON. */
export interface AttemptColumn {
  name: string;
  kind: 'id' | 'text' | 'integer' | 'boolean' | 'instant' | 'json';
  length?: number;
  nullable?: boolean;
  /** Personal data that is sealed where the application gives a key: what it is. */
  sealed?: Extract<Purpose, 'phone' | 'checkout-request-id'>;
}

const id = (name: string, length = 128): AttemptColumn => ({ name, kind: 'id', length });
const optionalId = (name: string, length = 128): AttemptColumn => ({
  ...id(name, length),
  nullable: true,
});
const optionalInstant = (name: string): AttemptColumn => ({
  name,
  kind: 'instant',
  nullable: true,
});
const optionalJson = (name: string): AttemptColumn => ({ name, kind: 'json', nullable: true });

/** Longer than an order's id by the prefix that tells orders, keys and attempts apart. */
export const ORDER_KEY_LENGTH = 160;
export const ATTEMPT_ID_LENGTH = 64;

/** By property; names that no database reserves. */
export const ATTEMPT_COLUMNS: { readonly [K in keyof AttemptRecord]: AttemptColumn } = {
  id: id('id', ATTEMPT_ID_LENGTH),
  version: { name: 'version', kind: 'integer' },
  status: id('status', 16),
  account: id('account'),
  orderId: optionalId('order_id'),
  order: id('order_key', ORDER_KEY_LENGTH),
  orderSlot: optionalId('order_slot', ORDER_KEY_LENGTH),
  idempotencyKey: optionalId('idempotency_key'),
  fingerprint: id('fingerprint', 64),
  phoneNumber: { ...id('phone_number'), sealed: 'phone' },
  amount: { name: 'amount', kind: 'integer' },
  accountReference: id('account_reference', 64),
  transactionDesc: id('transaction_desc', 64),
  transactionType: id('transaction_type', 32),
  callbackUrl: { name: 'callback_url', kind: 'text', nullable: true },
  metadata: optionalJson('metadata'),
  tokenHash: optionalId('token_hash', 64),
  sends: { name: 'sends', kind: 'integer' },
  merchantRequestId: optionalId('merchant_request_id'),
  checkoutRequestId: {
    ...optionalId('checkout_request_id', 255),
    sealed: 'checkout-request-id',
  },
  idsFrom: optionalId('ids_from', 16),
  heard: { name: 'heard', kind: 'json' },
  noted: optionalJson('noted'),
  receipt: optionalId('receipt'),
  resultCode: optionalId('result_code', 64),
  reason: optionalId('reason', 64),
  confirmedBy: optionalId('confirmed_by', 16),
  late: { name: 'late', kind: 'boolean' },
  review: { name: 'review', kind: 'json' },
  reviewed: { name: 'reviewed', kind: 'json' },
  told: optionalId('told', 16),
  queryAnswered: { name: 'query_answered', kind: 'boolean' },
  nudged: { name: 'nudged', kind: 'boolean' },
  createdAt: { name: 'created_at', kind: 'instant' },
  sentAt: optionalInstant('sent_at'),
  promptedAt: optionalInstant('prompted_at'),
  settledAt: optionalInstant('settled_at'),
  paidAt: optionalInstant('paid_at'),
  nextCheckAt: optionalInstant('next_check_at'),
  askAt: optionalInstant('ask_at'),
  askRank: { name: 'ask_rank', kind: 'integer', nullable: true },
  looks: { name: 'looks', kind: 'integer' },
  traceparent: optionalId('traceparent', 64),
};

export const attemptColumnSpecs = (): Record<string, ColumnSpec> =>
  Object.fromEntries(
    Object.values(ATTEMPT_COLUMNS).map(({ name, kind, length, nullable }) => [
      name,
      {
        kind: kind === 'json' ? 'text' : kind,
        ...(length !== undefined && { length }),
        ...(nullable && { nullable }),
      },
    ]),
  );
