import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  OnStkEvent,
  StkCallbackService,
  StkCompleted,
  StkOutcomeUnknown,
  StkService,
} from 'nestjs-mpesa';
import type { ChildMessage } from '../support/child.js';
import { mpesaInPostgres } from '../support/mpesa.module.js';

/** From an instance: its handler was called. */
export interface Handled extends ChildMessage {
  type: 'handled';
  orderId: string | null;
}

/** To an instance: ask a phone. */
export interface Push extends ChildMessage {
  type: 'push';
  orderId: string;
}

/** To an instance: Daraja's callback, as it came in. */
export interface Callback extends ChildMessage {
  type: 'callback';
  token: string;
  body: string;
}

const hangs = process.env.BENCH_HANDLER === 'hangs';

@Injectable()
class Shop {
  @OnStkEvent(StkCompleted, StkOutcomeUnknown)
  async handle({ orderId }: StkCompleted | StkOutcomeUnknown): Promise<void> {
    process.send?.({ type: 'handled', orderId } satisfies Handled);
    // The instance that is to be killed is at it when that happens.
    if (hangs) await new Promise(() => undefined);
  }
}

@Module({
  imports: mpesaInPostgres(process.env.BENCH_SCHEMA ?? '', {
    baseUrl: process.env.BENCH_DARAJA,
  }),
  providers: [Shop],
})
class InstanceModule {}

const app = await NestFactory.createApplicationContext(InstanceModule, { logger: ['error'] });
const stk = app.get(StkService, { strict: false });
const callbacks = app.get(StkCallbackService, { strict: false });

process.on('disconnect', () => process.exit());
process.on('message', (message: Push | Callback) => {
  if (message.type === 'callback') {
    void callbacks.receive({ token: message.token, body: JSON.parse(message.body) });
    return;
  }
  void stk.push({
    phoneNumber: '254708374149',
    amount: 100,
    accountReference: 'BENCH',
    transactionDesc: 'bench',
    orderId: message.orderId,
  });
});
process.send?.({ type: 'ready' } satisfies ChildMessage);
