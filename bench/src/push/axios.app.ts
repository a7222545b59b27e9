import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import axios from 'axios';
import pg from 'pg';
import { EMULATOR_ACCOUNT } from 'nestjs-mpesa/testing';
import { DATABASE_URL } from '../support/database.js';
import { type Push, phoneOf, servePushes } from './pusher.js';

const schema = process.env.BENCH_SCHEMA;
const { shortCode, passKey } = EMULATOR_ACCOUNT;
const client = axios.create({
  baseURL: process.env.BENCH_DARAJA,
  httpAgent: new Agent({ keepAlive: true, timeout: 4_000 }),
  timeout: 30_000,
});

/** What one writes by hand: the request and nothing else, with a token that is at hand. */
const push: Push = async (n) => {
  const timestamp = new Date(Date.now() + 10_800_000).toISOString().replace(/\D/g, '').slice(0, 14);
  const { data } = await client.post<{ CheckoutRequestID: string }>(
    '/mpesa/stkpush/v1/processrequest',
    {
      BusinessShortCode: shortCode,
      Password: Buffer.from(`${shortCode}${passKey}${timestamp}`).toString('base64'),
      Timestamp: timestamp,
      TransactionType: 'CustomerPayBillOnline',
      Amount: 100,
      PartyA: phoneOf(n),
      PartyB: shortCode,
      PhoneNumber: phoneOf(n),
      CallBackURL: 'https://bench.example/stk/callback/0123456789012345678901234567890123456789012',
      AccountReference: 'BENCH',
      TransactionDesc: 'bench',
    },
    { headers: { Authorization: 'Bearer c9SQxWWhmdVRlyh0zh8gZDTkubVF' } },
  );
  return data;
};

/** The same, with the three commits that a push must not do without. */
function inDatabase(name: string): Push {
  const pool = new pg.Pool({
    connectionString: DATABASE_URL,
    max: 10,
    options: `-c search_path=${name}`,
  });
  return async (n) => {
    const id = randomUUID();
    await pool.query(
      `INSERT INTO attempt (id, order_id, status, amount, created_at)
       VALUES ($1, $2, 'created', 100, now())`,
      [id, `order-${n}`],
    );
    await pool.query(
      `UPDATE attempt SET status = 'sending', sent_at = now() WHERE id = $1 AND status = 'created'`,
      [id],
    );
    const { CheckoutRequestID } = (await push(n)) as { CheckoutRequestID: string };
    await pool.query(
      `UPDATE attempt SET status = 'pending', checkout_request_id = $2
       WHERE id = $1 AND status = 'sending'`,
      [id, CheckoutRequestID],
    );
  };
}

servePushes(schema === undefined ? push : inDatabase(schema));
