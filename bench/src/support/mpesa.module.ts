import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MpesaModule } from 'nestjs-mpesa';
import { EMULATOR_ACCOUNT } from 'nestjs-mpesa/testing';
import { typeOrmPersistence } from 'nestjs-mpesa/typeorm';
import { dataSourceOptions, type OnQuery } from './data-source.js';

/** What an application imports to keep its payments in PostgreSQL, as the README says. */
export const mpesaInPostgres = (
  schema: string,
  options: { baseUrl?: string; background?: boolean; onQuery?: OnQuery } = {},
): DynamicModule[] => [
  TypeOrmModule.forRoot(dataSourceOptions(schema, options.onQuery)),
  MpesaModule.forRoot({
    environment: 'sandbox',
    ...EMULATOR_ACCOUNT,
    ...(options.baseUrl !== undefined && { baseUrl: options.baseUrl }),
    callbackUrl: 'https://bench.example/stk/callback',
    persistence: typeOrmPersistence({ schema }),
    background: options.background ?? true,
  }),
];
