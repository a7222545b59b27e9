import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DarajaEmulator } from 'nestjs-mpesa/testing';
import type { Client } from 'pg';
import { clonePending } from '../fixture/clone.js';
import { pendingTemplate } from '../fixture/templates.js';
import { migrate } from '../support/data-source.js';
import { createSchema, dropSchema, SCHEMA_PREFIX } from '../support/database.js';
import { held } from '../support/held.js';
import { mpesaInPostgres } from '../support/mpesa.module.js';
import { type Figure, judged, reported } from '../support/report.js';

const SCHEMA = `${SCHEMA_PREFIX}backlog`;
const INTERVAL_MS = 50;
/** Of the attempts that are due, so many of each kind that goes before a first routine look. */
const URGENT = 20;
const QUERIES = 100;
/** More heap than a small backlog takes, in MiB. */
const TO_REACH_MIB = 4;

interface Run {
  /** Used heap after the queries and a collection, in MiB. */
  heapMib: number;
  /** Distance of two queries in the middle, in ms. */
  distanceMs: number;
  /** Whether the first queries were those that go first, in their order. */
  inOrder: boolean;
}

/** The reconciler with many attempts due, against few. */
export async function backlog(client: Client, many: number): Promise<Figure[]> {
  // What a first run loads stays in the heap.
  await runWith(client, 1_000);
  const few = await runWith(client, 1_000);
  const lots = await runWith(client, many);
  const count = many.toLocaleString('en');
  const grownMib = lots.heapMib - few.heapMib;
  return [
    judged(
      {
        measured: `heap of the reconciler with ${count} queries due`,
        against: 'with 1,000',
        result: `${grownMib >= 0 ? '+' : ''}${grownMib.toFixed(1)} MiB (of ${few.heapMib.toFixed(1)})`,
        toReach: `<= +${TO_REACH_MIB} MiB`,
      },
      grownMib <= TO_REACH_MIB,
    ),
    judged(
      {
        measured: `${2 * URGENT} urgent ones among ${count} queries due are asked about first, in order`,
        against: '',
        result: lots.inOrder ? 'all' : 'not all',
        toReach: 'all',
      },
      lots.inOrder,
    ),
    reported(
      `distance of two queries at a budget of one in ${INTERVAL_MS} ms, ${count} due`,
      'with 1,000',
      `${lots.distanceMs} ms (${few.distanceMs} ms)`,
    ),
  ];
}

async function runWith(client: Client, due: number): Promise<Run> {
  await createSchema(client, SCHEMA);
  await migrate(SCHEMA);
  const template = await pendingTemplate(SCHEMA);
  await clonePending(client, SCHEMA, { template, batch: 'B', count: due });
  const urgent = await makeDue(client);
  const daraja = new DarajaEmulator();
  const asked = () =>
    daraja.received
      .filter(({ path }) => path.endsWith('/query'))
      .map(({ at, body }) => ({
        at,
        id: (body as { CheckoutRequestID: string }).CheckoutRequestID,
      }));
  const imports = mpesaInPostgres(SCHEMA, {
    baseUrl: await daraja.listen(),
    minIntervalMs: INTERVAL_MS,
  });
  @Module({ imports })
  class ReconcilingModule {}
  const app = await NestFactory.createApplicationContext(ReconcilingModule, { logger: ['error'] });
  try {
    while (asked().length < QUERIES) await new Promise((resolve) => setTimeout(resolve, 20));
    const queries = asked();
    const { heapMiB: heapMib } = held();
    const distances = queries.slice(1).map(({ at }, i) => at - (queries[i]?.at ?? at));
    const distanceMs = distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? NaN;
    const first = queries.slice(0, urgent.length).map(({ id }) => id);
    return { heapMib, distanceMs, inOrder: first.join() === urgent.join() };
  } finally {
    await app.close();
    await daraja.close();
    await dropSchema(client, SCHEMA);
  }
}

/** All are due; the youngest are the urgent ones, whose ids it returns in the order of asking. */
async function makeDue(client: Client): Promise<string[]> {
  await client.query(`UPDATE ${SCHEMA}.mpesa_attempt
    SET ask_at = now() - interval '1 hour' + seq * interval '10 microseconds', ask_rank = 3`);
  const { rows } = await client.query<{ id: string }>(
    `WITH youngest AS (
       SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM (
         SELECT seq FROM ${SCHEMA}.mpesa_attempt ORDER BY seq DESC LIMIT $1) AS last),
     urgent AS (
       UPDATE ${SCHEMA}.mpesa_attempt a
       SET ask_rank = CASE WHEN n <= $2 THEN 1 ELSE 0 END,
         ask_at = now() - interval '1 minute' + n * interval '1 millisecond'
       FROM youngest WHERE youngest.seq = a.seq
       RETURNING a.checkout_request_id AS id, a.ask_rank, a.ask_at)
     SELECT id FROM urgent ORDER BY ask_rank, ask_at`,
    [2 * URGENT, URGENT],
  );
  await client.query(`ANALYZE ${SCHEMA}.mpesa_attempt`);
  return rows.map(({ id }) => id);
}
