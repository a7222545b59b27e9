import { createHash } from 'node:crypto';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import pg from 'pg';

interface Callback {
  Body: {
    stkCallback: {
      MerchantRequestID: string;
      CheckoutRequestID: string;
      ResultCode: number;
      CallbackMetadata?: { Item: { Name: string; Value?: string | number }[] };
    };
  };
}

/** What a callback is compared against: one transaction by `pg`, three writes, nothing else. */
@Controller('callbacks')
export class HandWrittenController {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  @Post(':token')
  @HttpCode(200)
  async receive(@Param('token') token: string, @Body() body: Callback) {
    const callback = body.Body.stkCallback;
    const items = callback.CallbackMetadata?.Item ?? [];
    const value = (name: string) => items.find((item) => item.Name === name)?.Value;
    const json = JSON.stringify(body);
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<{ id: string; order_id: string }>(
        `UPDATE attempt SET status = $2, result_code = $3, receipt = $4, paid_at = now(),
           settled_at = now(), next_check_at = NULL
         WHERE token_hash = $1 AND status = 'pending' AND checkout_request_id = $5 AND amount = $6
         RETURNING id, order_id`,
        [
          sha256(token),
          callback.ResultCode === 0 ? 'completed' : 'failed',
          String(callback.ResultCode),
          value('MpesaReceiptNumber'),
          callback.CheckoutRequestID,
          value('Amount'),
        ],
      );
      const attempt = rows[0];
      if (attempt) {
        await client.query(
          `INSERT INTO inbox (attempt_id, digest, body) VALUES ($1, $2, $3)
           ON CONFLICT DO NOTHING`,
          [attempt.id, sha256(json), json],
        );
        const payload = { attemptId: attempt.id, orderId: attempt.order_id, ...callback };
        await client.query('INSERT INTO outbox (event_id, type, payload) VALUES ($1, $2, $3)', [
          `${attempt.id}:stk.completed`,
          'stk.completed',
          JSON.stringify(payload),
        ]);
      }
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
    return { ResultCode: 0, ResultDesc: 'Accepted' };
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
