import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OnStkEvent, StkCompleted, StkService } from 'nestjs-mpesa';
import type { ChildMessage } from '../support/child.js';
import { type Held, held } from '../support/held.js';
import { mpesaInPostgres } from '../support/mpesa.module.js';
import type { Listening } from '../settle/serve.js';

/** To the instance: have so many orders paid, and say then what it holds. */
export interface Pay extends ChildMessage {
  type: 'pay';
  /** Number of the first order. */
  from: number;
  count: number;
}

/** From the instance: its handler has been called for each of them. */
export interface Paid extends ChildMessage, Held {
  type: 'paid';
}

/** Prompts that are open at once, each on a phone of its own: Daraja asks a phone once at a time. */
const AT_ONCE = 16;

const waiting = new Map<string, () => void>();

@Injectable()
class Shop {
  @OnStkEvent(StkCompleted)
  paid({ orderId }: StkCompleted): void {
    waiting.get(orderId ?? '')?.();
    waiting.delete(orderId ?? '');
  }
}

@Module({
  imports: mpesaInPostgres(process.env.BENCH_SCHEMA ?? '', { baseUrl: process.env.BENCH_DARAJA }),
  providers: [Shop],
})
class PayingModule {}

const app = await NestFactory.create(PayingModule, { logger: ['error', 'fatal'] });
await app.listen(0, '127.0.0.1');
const stk = app.get(StkService, { strict: false });

async function pay({ from, count }: Pay): Promise<void> {
  const orders = Array.from({ length: count }, (_, n) => from + n).values();
  const customers = Array.from({ length: AT_ONCE }, async (_, n) => {
    for (const order of orders) await payOne(`order-${order}`, `2547000000${String(n + 10)}`);
  });
  await Promise.all(customers);
}

async function payOne(orderId: string, phoneNumber: string): Promise<void> {
  const paid = new Promise<void>((resolve) => waiting.set(orderId, resolve));
  await stk.push({
    phoneNumber,
    amount: 100,
    accountReference: 'BENCH',
    transactionDesc: 'bench',
    orderId,
  });
  await paid;
}

process.on('disconnect', () => process.exit());
process.on('message', (message: Pay) => {
  void pay(message).then(() => {
    process.send?.({ type: 'paid', ...held() } satisfies Paid);
  });
});
const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
process.send?.({ type: 'listening', port } satisfies Listening);
