import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MpesaModule, StkService } from 'nestjs-mpesa';
import { EMULATOR_ACCOUNT } from 'nestjs-mpesa/testing';
import { mpesaInPostgres } from '../support/mpesa.module.js';
import { phoneOf, servePushes } from './pusher.js';

const baseUrl = process.env.BENCH_DARAJA;
const schema = process.env.BENCH_SCHEMA;

// Nothing in the background: it is the push that is measured.
const inMemory = (): DynamicModule =>
  MpesaModule.forRoot({
    environment: 'sandbox',
    ...EMULATOR_ACCOUNT,
    baseUrl,
    callbackUrl: 'https://bench.example/stk/callback',
    background: false,
  });

@Module({
  imports:
    schema === undefined ? [inMemory()] : mpesaInPostgres(schema, { baseUrl, background: false }),
})
class PushingModule {}

const app = await NestFactory.createApplicationContext(PushingModule, { logger: ['error'] });
const stk = app.get(StkService, { strict: false });

servePushes((n) =>
  stk.push({
    phoneNumber: phoneOf(n),
    amount: 100,
    accountReference: 'BENCH',
    transactionDesc: 'bench',
    orderId: `order-${n}`,
  }),
);
