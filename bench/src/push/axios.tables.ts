/** What a push needs to be looked up by, and nothing else. */
export const axiosTables = (schema: string): string => `
  CREATE TABLE "${schema}".attempt (
    id uuid PRIMARY KEY,
    order_id text NOT NULL,
    status text NOT NULL,
    amount integer NOT NULL,
    checkout_request_id text UNIQUE,
    created_at timestamptz NOT NULL,
    sent_at timestamptz
  );
  CREATE UNIQUE INDEX ON "${schema}".attempt (order_id)
    WHERE status IN ('created', 'sending', 'pending')`;
