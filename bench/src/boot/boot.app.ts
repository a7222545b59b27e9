import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import 'axios';
import 'class-transformer';
import 'class-validator';
import { HttpModule } from '@nestjs/axios';
import type { ChildMessage } from '../support/child.js';

/** When the application listens. */
export interface Booted extends ChildMessage {
  type: 'booted';
  /** Since the process began. */
  ms: number;
  residentMiB: number;
}

/** Loaded only where it is wanted: loading is most of what is measured. */
async function mpesa(): Promise<DynamicModule[]> {
  if (process.env.BENCH_MODULE !== 'mpesa') return [];
  const { MpesaModule } = await import('nestjs-mpesa');
  return [
    MpesaModule.forRoot({
      environment: 'sandbox',
      consumerKey: 'bench-consumer-key',
      consumerSecret: 'bench-consumer-secret',
      shortCode: '174379',
      passKey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
      callbackUrl: 'https://bench.example/stk/callback',
    }),
  ];
}

@Module({
  imports: [ConfigModule.forRoot({ ignoreEnvFile: true }), HttpModule, ...(await mpesa())],
})
class BootModule {}

const app = await NestFactory.create(BootModule, { logger: false });
await app.listen(0, '127.0.0.1');
const ms = performance.now();
const residentMiB = process.memoryUsage.rss() / 2 ** 20;
process.on('disconnect', () => process.exit());
process.send?.({ type: 'booted', ms, residentMiB } satisfies Booted);
