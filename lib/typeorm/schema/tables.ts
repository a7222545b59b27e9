import { ATTEMPT_ID_LENGTH, attemptColumnSpecs, ORDER_KEY_LENGTH } from './attempt-columns.js';
import type { ColumnSpec, TableName, TableSpec } from './table-spec.js';

const seq: ColumnSpec = { kind: 'seq', primary: true };
const attemptId: ColumnSpec = { kind: 'id', length: ATTEMPT_ID_LENGTH };
const orderKey: ColumnSpec = { kind: 'id', length: ORDER_KEY_LENGTH };
const word: ColumnSpec = { kind: 'id', length: 64 };
const name: ColumnSpec = { kind: 'id', length: 200 };
const text: ColumnSpec = { kind: 'text' };
const integer: ColumnSpec = { kind: 'integer' };
const instant: ColumnSpec = { kind: 'instant' };

const primary = (column: ColumnSpec): ColumnSpec => ({ ...column, primary: true });
const nullable = (column: ColumnSpec): ColumnSpec => ({ ...column, nullable: true });

/** All tables: entities, migrations and the check at boot are made of this. */
export const TABLES: Record<TableName, TableSpec> = {
  attempt: {
    columns: {
      seq,
      ...attemptColumnSpecs(),
      needs_review: { kind: 'boolean' },
      /** What a phone's attempts are found by; null once it was erased. */
      phone_lookup: nullable(word),
      erased: { kind: 'boolean' },
    },
    indexes: [
      { name: 'id', columns: ['id'], unique: true },
      {
        name: 'order_slot',
        columns: ['order_slot'],
        unique: true,
        where: 'order_slot IS NOT NULL',
      },
      {
        name: 'idempotency_key',
        columns: ['idempotency_key'],
        unique: true,
        where: 'idempotency_key IS NOT NULL',
      },
      {
        name: 'token_hash',
        columns: ['token_hash'],
        unique: true,
        where: 'token_hash IS NOT NULL',
      },
      { name: 'receipt', columns: ['receipt'], unique: true, where: 'receipt IS NOT NULL' },
      // Not unique: emulators of others repeat these.
      {
        name: 'checkout_request_id',
        columns: ['checkout_request_id'],
        where: 'checkout_request_id IS NOT NULL',
      },
      { name: 'order_id', columns: ['order_id', 'seq'] },
      { name: 'due', columns: ['next_check_at'], where: 'next_check_at IS NOT NULL' },
      { name: 'ask', columns: ['ask_at'], where: 'ask_at IS NOT NULL' },
      {
        name: 'ask_order',
        columns: ['ask_rank', 'account', 'ask_at'],
        where: 'ask_rank IS NOT NULL',
      },
      { name: 'created', columns: ['created_at', 'seq'] },
      { name: 'status', columns: ['status', 'created_at', 'seq'] },
      { name: 'phone', columns: ['phone_lookup', 'seq'] },
      { name: 'erasable', columns: ['erased', 'created_at', 'seq'], where: 'order_slot IS NULL' },
      {
        name: 'review',
        columns: ['needs_review', 'created_at', 'seq'],
        where: 'needs_review = TRUE',
      },
    ],
  },
  // What was learned, in order: inbox and history in one. Without an attempt: quarantined.
  evidence: {
    columns: {
      seq,
      attempt_id: nullable(attemptId),
      recorded_at: instant,
      kind: word,
      from_status: nullable(word),
      to_status: nullable(word),
      detail: text,
      disposition: nullable(word),
      digest: nullable({ kind: 'id', length: 64 }),
      /** The body of a callback as it came. */
      raw: nullable(text),
      /** When the body came; null once it is gone. */
      body_at: nullable(instant),
      /** A callback that waits for our own push response, as JSON without the body. */
      waiting: nullable(text),
      /** Of a callback in quarantine. */
      token_hash: nullable({ kind: 'id', length: 64 }),
      replayed_at: nullable(instant),
    },
    indexes: [
      {
        name: 'digest',
        columns: ['attempt_id', 'digest'],
        unique: true,
        where: 'digest IS NOT NULL',
      },
      { name: 'attempt', columns: ['attempt_id', 'seq'] },
      { name: 'body', columns: ['body_at'], where: 'body_at IS NOT NULL' },
    ],
  },
  settlement: {
    columns: { order_key: primary(orderKey), attempt_id: attemptId, settled_at: instant },
    indexes: [],
  },
  event: {
    columns: {
      seq,
      id: name,
      type: word,
      attempt_id: attemptId,
      order_key: orderKey,
      payload: text,
      occurred_at: instant,
    },
    indexes: [
      { name: 'id', columns: ['id'], unique: true },
      { name: 'type', columns: ['type', 'occurred_at'] },
      { name: 'attempt', columns: ['attempt_id'] },
    ],
  },
  handler: {
    columns: { handler: primary(name), type: primary(word), since: instant },
    indexes: [],
  },
  delivery: {
    columns: {
      event_seq: { kind: 'bigint', primary: true },
      handler: primary(name),
      order_key: orderKey,
      tries: integer,
      fence: integer,
      /** When it may be claimed, which for a leased one is the lease's end; null once it ended. */
      due_at: nullable(instant),
      /** When it was parked. */
      dead_at: nullable(instant),
      error: text,
    },
    indexes: [
      { name: 'due', columns: ['handler', 'due_at'], where: 'due_at IS NOT NULL' },
      { name: 'order', columns: ['order_key', 'handler', 'event_seq'] },
      { name: 'dead', columns: ['dead_at'], where: 'dead_at IS NOT NULL' },
    ],
  },
  processed_event: {
    columns: { consumer: primary(name), event_id: primary(name), processed_at: instant },
    indexes: [],
  },
  access_token: {
    columns: {
      id: primary(name),
      /** Sealed. */
      token: nullable(text),
      expires_at: nullable(instant),
      /** Who asks Daraja for the next one, and until when others leave it to that. */
      holder: nullable(word),
      held_until: nullable(instant),
    },
    indexes: [],
  },
  rate_limit: {
    columns: { id: primary(name), next_at: instant },
    indexes: [],
  },
};
