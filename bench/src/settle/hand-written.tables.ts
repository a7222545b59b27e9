/**
 * The tables of the hand-written controller: columns and keys that a careful person would choose for the
 * same three writes.
 */
export const handWrittenTables = (schema: string): string => `
  CREATE TABLE "${schema}".attempt (
    id uuid PRIMARY KEY,
    status text NOT NULL,
    order_id text NOT NULL,
    token_hash char(64) NOT NULL UNIQUE,
    merchant_request_id text NOT NULL,
    checkout_request_id text NOT NULL UNIQUE,
    amount integer NOT NULL,
    phone_number text NOT NULL,
    receipt text UNIQUE,
    result_code text,
    paid_at timestamptz,
    settled_at timestamptz,
    created_at timestamptz NOT NULL,
    next_check_at timestamptz
  );
  CREATE INDEX ON "${schema}".attempt (next_check_at);
  CREATE INDEX ON "${schema}".attempt (order_id);
  CREATE TABLE "${schema}".inbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    attempt_id uuid NOT NULL,
    digest char(64) NOT NULL,
    body text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (attempt_id, digest)
  );
  CREATE TABLE "${schema}".outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id text NOT NULL UNIQUE,
    type text NOT NULL,
    payload text NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT now(),
    delivered_at timestamptz
  );
  CREATE INDEX ON "${schema}".outbox (id) WHERE delivered_at IS NULL;
`;

/** Pending attempts 1 to $2 of batch $1, with the ids that `callback-request.ts` calls them by. */
export const handWrittenAttempts = (schema: string): string => `
  INSERT INTO "${schema}".attempt (id, status, order_id, token_hash, merchant_request_id,
    checkout_request_id, amount, phone_number, created_at, next_check_at)
  SELECT md5($1 || n)::uuid, 'pending', 'order-' || $1 || n,
    encode(sha256(convert_to($1 || lpad(n::text, 43 - length($1), '0'), 'UTF8')), 'hex'),
    'bench-' || $1 || n, 'ws_CO_bench_' || $1 || n, 100, '254708374149', now(),
    now() + interval '5 minutes'
  FROM generate_series(1, $2::int) AS n
`;
