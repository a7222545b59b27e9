import { createHash, randomInt } from 'node:crypto';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AttemptStore, StkCallbackService, StkService } from 'nestjs-mpesa';
import type { Client } from 'pg';
import { cloneSettled } from '../fixture/clone.js';
import { pendingTemplate, settledTemplate } from '../fixture/templates.js';
import { migrate } from '../support/data-source.js';
import { createSchema, SCHEMA_PREFIX } from '../support/database.js';
import { mpesaInPostgres } from '../support/mpesa.module.js';

/** The handler that every `StkCompleted` was delivered to. */
export const HANDLER = 'Bench.paid';

/** Copies made by one statement. */
const CHUNK = 100_000;

/** The package on tables with that many settled attempts. */
export interface FilledStore {
  schema: string;
  store: AttemptStore;
  stk: StkService;
  callbacks: StkCallbackService;
  /** A pending attempt, for copies. */
  pending: string;
  /** The ids of a settled attempt, drawn by chance. */
  draw: () => { id: string; orderId: string; checkoutRequestId: string; receipt: string };
  close: () => Promise<void>;
}

export async function fillStore(
  client: Client,
  name: string,
  attempts: number,
): Promise<FilledStore> {
  const schema = `${SCHEMA_PREFIX}${name}`;
  await createSchema(client, schema);
  await migrate(schema);
  const pending = await pendingTemplate(schema);
  const template = await settledTemplate(schema, HANDLER);
  const chunk = Math.min(CHUNK, attempts);
  const chunks = Math.ceil(attempts / chunk);
  for (let n = 0; n < chunks; n += 1) {
    await cloneSettled(client, schema, { template, batch: batchName(n), count: chunk });
    process.stderr.write(`  ${name}: ${(n + 1) * chunk} settled attempts\n`);
  }
  // That it becomes due while the others are made is nobody's work.
  await client.query(
    `UPDATE "${schema}".mpesa_attempt SET next_check_at = now() + interval '1 day' WHERE id = $1`,
    [pending],
  );
  await vacuum(client, schema);

  @Module({ imports: mpesaInPostgres(schema, { background: false }) })
  class StoreModule {}
  const app = await NestFactory.createApplicationContext(StoreModule, { logger: ['error'] });
  return {
    schema,
    store: app.get(AttemptStore, { strict: false }),
    stk: app.get(StkService, { strict: false }),
    callbacks: app.get(StkCallbackService, { strict: false }),
    pending,
    draw: () => idsOf(batchName(randomInt(chunks)), randomInt(chunk) + 1),
    close: () => app.close(),
  };
}

const batchName = (chunk: number): string => `M${chunk}Z`;

/** As `clone.ts` makes them. */
function idsOf(batch: string, n: number) {
  const md5 = createHash('md5').update(`${batch}${n}`).digest('hex');
  const id = md5.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return {
    id,
    orderId: `order-${batch}${n}`,
    checkoutRequestId: `ws_CO_bench_${batch}${n}`,
    receipt: `${batch}${n}`,
  };
}

/** What autovacuum would have done by the time that a table is this large. */
async function vacuum(client: Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = $1`,
    [schema],
  );
  for (const { name } of rows) await client.query(`VACUUM (ANALYZE) ${name}`);
}
