import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MpesaModule } from 'nestjs-mpesa';
import { EMULATOR_ACCOUNT } from 'nestjs-mpesa/testing';
import { typeOrmPersistence } from 'nestjs-mpesa/typeorm';
import { dataSourceOptions, type OnQuery } from './data-source.js';

/** What an application imports to keep its payments in PostgreSQL, as the README says. */
export const mpesaInPostgres = (
  schema: string,
  options: {
    baseUrl?: string;
    background?: boolean;
    minIntervalMs?: number;
    onQuery?: OnQuery;
  } = {},
): DynamicModule[] => [
  TypeOrmModule.forRoot(dataSourceOptions(schema, options.onQuery)),
  MpesaModule.forRoot({
    environment: 'sandbox',
    ...EMULATOR_ACCOUNT,
    ...(options.baseUrl !== undefined && { baseUrl: options.baseUrl }),
    ...(options.minIntervalMs !== undefined && {
      reconciliation: { minIntervalMs: options.minIntervalMs },
    }),
    callbackUrl: 'https://bench.example/stk/callback',
    persistence: typeOrmPersistence({ schema }),
    background: options.background ?? true,
  }),
];
