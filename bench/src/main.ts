import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { forgeries } from './forged/forged.bench.js';
import { growth } from './growth/growth.bench.js';
import { instances } from './instances/instances.bench.js';
import { memory } from './memory/memory.bench.js';
import { pushOfPeers } from './push/peers.bench.js';
import { pushInMemory, pushInPostgres } from './push/push.bench.js';
import { backlog } from './reconciler/backlog.bench.js';
import { lostCallbacks } from './reconciler/lost.bench.js';
import { settleCallbacks } from './settle/settle.bench.js';
import { soak } from './soak/soak.bench.js';
import { connect, dropAllSchemas } from './support/database.js';
import { describeMachine } from './support/machine.js';
import { type Figure, table } from './support/report.js';
import { takeover } from './takeover/takeover.bench.js';

const SECTIONS = [
  'push',
  'push-postgres',
  'push-peers',
  'settle',
  'growth',
  'takeover',
  'reconciler',
  'forged',
  'instances',
  'memory',
  'soak',
] as const;

const QUICK_PUSHES = { rounds: 2, pushes: 200 };

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    explain: { type: 'boolean', default: false },
    only: { type: 'string' },
    out: { type: 'string' },
  },
});
const { quick, explain, only, out } = values;

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // Applications may still be up; those in processes of their own end with this one.
  process.exit(1);
}

async function run(): Promise<void> {
  const wanted = SECTIONS.filter((section) => only === undefined || section === only);
  if (wanted.length === 0) throw new Error(`--only is one of ${SECTIONS.join(', ')}`);
  const client = await connect();
  try {
    await dropAllSchemas(client);
    const figures: Figure[] = [];
    for (const section of wanted) {
      process.stderr.write(`${section} …\n`);
      const found = await bench(section);
      // A few calls judge nothing.
      figures.push(...(quick ? found.map((figure) => ({ ...figure, reached: null })) : found));
    }
    const machine = (await describeMachine(client)).map((line) => `- ${line}`);
    const report = `${machine.join('\n')}\n\n${table(figures)}\n`;
    process.stdout.write(`\n${report}`);
    if (out !== undefined) await writeFile(out, report);
  } finally {
    await dropAllSchemas(client);
    await client.end();
  }

  async function bench(section: (typeof SECTIONS)[number]): Promise<Figure[]> {
    switch (section) {
      case 'settle':
        return settleCallbacks(client, { rounds: quick ? 2 : 15, callbacks: quick ? 200 : 2_000 });
      case 'growth': {
        const size = quick
          ? { many: 10_000, rounds: 2, calls: 10 }
          : { many: 1_000_000, rounds: 15, calls: 20 };
        return growth(client, { ...size, explain });
      }
      case 'forged':
        return forgeries(client, {
          forged: quick ? 2_000 : 100_000,
          rounds: quick ? 2 : 9,
          posts: quick ? 50 : 500,
        });
      case 'push':
        return pushInMemory(quick ? QUICK_PUSHES : { rounds: 15, pushes: 3_000 });
      case 'push-postgres':
        return pushInPostgres(client, quick ? QUICK_PUSHES : { rounds: 15, pushes: 1_000 });
      case 'push-peers':
        return pushOfPeers(quick ? QUICK_PUSHES : { rounds: 15, pushes: 1_000 });
      case 'instances':
        return instances(client, { rounds: quick ? 2 : 15, callbacks: quick ? 200 : 2_000 });
      case 'memory':
        return memory(client, quick ? 500 : 100_000);
      case 'soak':
        return soak(
          client,
          quick
            ? { slices: 3, sliceSeconds: 3, compared: 1 }
            : { slices: 31, sliceSeconds: 60, compared: 5 },
        );
      case 'takeover':
        return takeover(client, quick ? 1 : 3);
      case 'reconciler':
        return [
          ...(await backlog(client, quick ? 5_000 : 100_000)),
          ...(await lostCallbacks(quick ? 2 : 60)),
        ];
    }
  }
}
