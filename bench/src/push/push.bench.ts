import type { Client } from 'pg';
import { alternate, ratios } from '../support/alternate.js';
import type { Child } from '../support/child.js';
import { createSchema, dropSchema, SCHEMA_PREFIX } from '../support/database.js';
import { migrate } from '../support/data-source.js';
import { type Figure, judged, judgedRatio, reported } from '../support/report.js';
import { spread, withSpread } from '../support/statistics.js';
import { axiosTables } from './axios.tables.js';
import type { Tokens } from './daraja.app.js';
import { PATIENCE_MS, startClient, startDaraja } from './processes.js';
import type { Done } from './pusher.js';

const COLD_PUSHES = 1_000;
const AGAINST = 'bare axios';

export interface PushSize {
  rounds: number;
  pushes: number;
}

/** A push in memory against bare axios with the same policy of connections, and what 1,000 cold ones ask for. */
export async function pushInMemory(size: PushSize): Promise<Figure[]> {
  const daraja = await startDaraja();
  const environment = { BENCH_DARAJA: daraja.url };
  try {
    const figures = [];
    for (const atOnce of [1, 50]) {
      const found = await compare(environment, environment, size, atOnce);
      figures.push(...judge(`pushes in memory, ${atOnce} at once`, found, 0.85, 1.25));
    }
    return [...figures, await coldTokens(daraja)];
  } finally {
    await daraja.child.kill();
  }
}

/** A push in PostgreSQL against bare axios and the three statements by `pg`. */
export async function pushInPostgres(client: Client, size: PushSize): Promise<Figure[]> {
  const [ours, theirs] = [`${SCHEMA_PREFIX}push`, `${SCHEMA_PREFIX}axios`];
  await createSchema(client, ours);
  await migrate(ours);
  await createSchema(client, theirs);
  await client.query(axiosTables(theirs));
  const daraja = await startDaraja();
  const environment = (schema: string) => ({ BENCH_DARAJA: daraja.url, BENCH_SCHEMA: schema });
  try {
    const found = await compare(environment(ours), environment(theirs), size, 50);
    return judge('pushes in PostgreSQL, 50 at once', found, 0.75, null);
  } finally {
    await daraja.child.kill();
    await dropSchema(client, ours);
    await dropSchema(client, theirs);
  }
}

type Compared = Record<'ours' | 'bare', Done[]>;

async function compare(
  ourEnvironment: Record<string, string>,
  theirEnvironment: Record<string, string>,
  { rounds, pushes }: PushSize,
  atOnce: number,
): Promise<Compared> {
  const ours = await startClient('push/package.app.js', ourEnvironment);
  const bare = await startClient('push/axios.app.js', theirEnvironment);
  try {
    return await alternate(
      { ours: () => ours.round(pushes, atOnce), bare: () => bare.round(pushes, atOnce) },
      { rounds, warmUps: 2 },
    );
  } finally {
    await ours.stop();
    await bare.stop();
  }
}

function judge(
  measured: string,
  { ours, bare }: Compared,
  atLeast: number,
  atMost: number | null,
): Figure[] {
  const of = (rounds: Done[], what: 'perSecond' | 'cpuMicros') => rounds.map((done) => done[what]);
  const speed = spread(ratios(of(ours, 'perSecond'), of(bare, 'perSecond')));
  const cpu = spread(ratios(of(ours, 'cpuMicros'), of(bare, 'cpuMicros')));
  const both = (what: 'perSecond' | 'cpuMicros', unit: string) =>
    `${withSpread(spread(of(ours, what)))} : ${withSpread(spread(of(bare, what)))} ${unit}`;
  const ofCpu = `CPU of ${measured}`;
  return [
    judgedRatio(measured, AGAINST, speed, { atLeast }),
    atMost === null
      ? reported(ofCpu, AGAINST, withSpread(cpu))
      : judgedRatio(ofCpu, AGAINST, cpu, { atMost }),
    reported('the same a second', AGAINST, both('perSecond', '/s')),
    reported('the same in CPU', AGAINST, both('cpuMicros', 'µs')),
  ];
}

async function coldTokens({ child, url }: { child: Child; url: string }): Promise<Figure> {
  const tokens = async () => {
    child.tell({ type: 'tokens' });
    return (await child.next<Tokens>('tokens', PATIENCE_MS)).count;
  };
  await tokens();
  const cold = await startClient('push/package.app.js', { BENCH_DARAJA: url });
  await cold.round(COLD_PUSHES, COLD_PUSHES);
  await cold.stop();
  const count = await tokens();
  const measured = `token requests of ${COLD_PUSHES} concurrent cold pushes`;
  return judged({ measured, against: '', result: `${count}`, toReach: '1' }, count === 1);
}
