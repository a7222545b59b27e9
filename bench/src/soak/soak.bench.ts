import type { Client } from 'pg';
import { callbackRequest } from '../settle/callback-request.js';
import { nestjsMpesa } from '../settle/contenders.js';
import type { Listening, Memory } from '../settle/serve.js';
import { Child } from '../support/child.js';
import type { Held } from '../support/held.js';
import { paced } from '../support/paced.js';
import { type Figure, judged, reported } from '../support/report.js';
import { digits, percentile, spread, withSpread } from '../support/statistics.js';

const START_MS = 60_000;
const A_SECOND = 200;
const CONNECTIONS = 16;
const TO_REACH = 1.05;

export interface SoakSize {
  /** Of `sliceSeconds` each; the first one warms up. */
  slices: number;
  sliceSeconds: number;
  /** How many slices are the first, and how many the last. */
  compared: number;
}

interface Slice extends Held {
  /** Events that no handler has had yet, at the end of it. */
  waiting: number;
  p99Ms: number;
  refused: number;
}

/** One instance with a handler, at a steady rate of callbacks. */
export async function soak(client: Client, size: SoakSize): Promise<Figure[]> {
  const [, ...slices] = await run(client, size);
  const first = slices.slice(0, size.compared);
  const last = slices.slice(-size.compared);
  const minutes = digits((size.slices * size.sliceSeconds) / 60);
  const against = 'its first minutes';
  const middle = (some: Slice[], what: keyof Slice) =>
    spread(some.map((slice) => slice[what])).median;
  const flat = (measured: string, what: 'heapMiB' | 'residentMiB') => {
    const ratio = middle(last, what) / middle(first, what);
    const result = `${digits(ratio)} (${digits(middle(first, what))} to ${digits(middle(last, what))} MiB)`;
    return judged({ measured, against, result, toReach: `<= ${TO_REACH}` }, ratio <= TO_REACH);
  };
  const refused = slices.reduce((sum, slice) => sum + slice.refused, 0);
  return [
    flat(`heap, ${minutes} minutes at ${A_SECOND} callbacks a second`, 'heapMiB'),
    flat('resident memory', 'residentMiB'),
    reported(
      'events that wait for their handler',
      against,
      `${middle(last, 'waiting')} : ${middle(first, 'waiting')}`,
    ),
    reported('p99 of the answer', '', `${withSpread(spread(slices.map(({ p99Ms }) => p99Ms)))} ms`),
    reported('answered with anything but 200', '', `${refused}`),
  ];
}

async function run(client: Client, { slices, sliceSeconds }: SoakSize): Promise<Slice[]> {
  const contender = await nestjsMpesa(client, 'soak', { handler: true });
  const child = Child.start(contender.module, contender.environment);
  const { port } = await child.next<Listening>('listening', START_MS);
  const callbacks = A_SECOND * sliceSeconds;
  const waiting = `SELECT count(*)::int AS waiting FROM ${contender.environment.BENCH_SCHEMA}.mpesa_delivery WHERE due_at <= now()`;
  try {
    const taken: Slice[] = [];
    for (let slice = 0; slice < slices; slice += 1) {
      const batch = `S${slice}Z`;
      await contender.fill(batch, callbacks);
      const requests = Array.from({ length: callbacks }, (_, n) =>
        callbackRequest(contender.path, batch, n + 1),
      );
      const size = { perSecond: A_SECOND, connections: CONNECTIONS };
      const { latenciesMs, refused } = await paced(port, requests, size);
      const { rows } = await client.query<{ waiting: number }>(waiting);
      child.tell({ type: 'memory' });
      const { heapMiB, residentMiB } = await child.next<Memory>('memory', START_MS);
      const p99Ms = percentile(latenciesMs, 0.99);
      taken.push({ heapMiB, residentMiB, waiting: rows[0]?.waiting ?? NaN, p99Ms, refused });
      process.stderr.write(`  ${slice + 1} of ${slices}: ${digits(heapMiB)} MiB\n`);
    }
    return taken;
  } finally {
    await child.kill();
    await contender.drop();
  }
}
