import type { Client } from 'pg';
import { clonePending } from '../fixture/clone.js';
import { pendingTemplate } from '../fixture/templates.js';
import { migrate } from '../support/data-source.js';
import type { Platform } from '../support/platform.js';
import { createSchema, dropSchema, SCHEMA_PREFIX } from '../support/database.js';
import { handWrittenAttempts, handWrittenTables } from './hand-written.tables.js';

/** An application to be started in a process of its own, with tables of its own. */
export interface Contender {
  module: string;
  environment: Record<string, string>;
  /** Of its callback route, without the token. */
  path: string;
  /** Makes pending attempts 1 to `count`, named as `callback-request.ts` names them. */
  fill: (batch: string, count: number) => Promise<void>;
  drop: () => Promise<void>;
}

export async function handWritten(
  client: Client,
  platform: Platform = 'express',
): Promise<Contender> {
  const schema = `${SCHEMA_PREFIX}hand_written`;
  await createSchema(client, schema);
  await client.query(handWrittenTables(schema));
  return {
    module: 'settle/hand-written.app.js',
    environment: { BENCH_SCHEMA: schema, BENCH_PLATFORM: platform },
    path: '/callbacks',
    async fill(batch, count) {
      await client.query(handWrittenAttempts(schema), [batch, count]);
      await client.query(`ANALYZE "${schema}".attempt`);
    },
    drop: () => dropSchema(client, schema),
  };
}

export async function nestjsMpesa(
  client: Client,
  name: string,
  { handler, platform = 'express' }: { handler: boolean; platform?: Platform },
): Promise<Contender> {
  const schema = `${SCHEMA_PREFIX}${name}`;
  await createSchema(client, schema);
  await migrate(schema);
  const template = await pendingTemplate(schema);
  return {
    module: 'settle/package.app.js',
    environment: {
      BENCH_SCHEMA: schema,
      BENCH_PLATFORM: platform,
      BENCH_HANDLER: handler ? 'one' : 'none',
    },
    path: '/stk/callback',
    fill: (batch, count) => clonePending(client, schema, { template, batch, count }),
    drop: () => dropSchema(client, schema),
  };
}
