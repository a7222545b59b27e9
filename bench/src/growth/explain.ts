import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AttemptStore } from 'nestjs-mpesa';
import type { Client } from 'pg';
import { mpesaInPostgres } from '../support/mpesa.module.js';
import { HANDLER } from './filled-store.js';

/** Prints how PostgreSQL goes about the statements of both scans. */
export async function explainScans(client: Client, schema: string): Promise<void> {
  const statements: { text: string; parameters: unknown[] }[] = [];
  const listen = (text: string, parameters: unknown[] = []) => {
    statements.push({ text, parameters });
  };
  @Module({ imports: mpesaInPostgres(schema, { background: false, onQuery: listen }) })
  class ExplainModule {}
  const app = await NestFactory.createApplicationContext(ExplainModule, { logger: ['error'] });
  const store = app.get(AttemptStore, { strict: false });
  statements.length = 0;
  await store.claimDue({ limit: 50, leaseMs: 30_000 });
  await store.claimEvents({ handlers: [HANDLER], limit: 16, leaseMs: 30_000 });
  await app.close();
  const plannable = statements.filter(({ text }) => /^\s*(SELECT|UPDATE|WITH)\b/i.test(text));
  for (const { text, parameters } of plannable) {
    await client.query('BEGIN');
    const { rows } = await client.query<Record<'QUERY PLAN', string>>(
      `EXPLAIN (ANALYZE, BUFFERS) ${text}`,
      parameters,
    );
    await client.query('ROLLBACK');
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    process.stdout.write(`${text}\n\n${plan}\n\n`);
  }
}
