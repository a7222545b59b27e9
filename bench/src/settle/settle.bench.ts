import type { Client } from 'pg';
import { alternate, ratios } from '../support/alternate.js';
import { Child } from '../support/child.js';
import { load } from '../support/load.js';
import type { Platform } from '../support/platform.js';
import { type Figure, judgedRatio, reported } from '../support/report.js';
import { percentile, spread, withSpread } from '../support/statistics.js';
import { callbackRequest } from './callback-request.js';
import { type Contender, handWritten, nestjsMpesa } from './contenders.js';
import type { Listening, Usage } from './serve.js';

const AT_LEAST = 0.8;
const P99_AT_MOST = 1.3;
const START_MS = 60_000;
const NAMES: Record<Platform, string> = { express: 'Express', fastify: 'Fastify' };

/** One round of callbacks against one application. */
interface Round {
  perSecond: number;
  p99Ms: number;
  cpuMs: number;
  /** Answered 503: on a machine that is too busy the store gives up before Daraja does. */
  refused: number;
}

export interface SettleSize {
  platform: Platform;
  connections: number;
  rounds: number;
  callbacks: number;
}

/** HTTP request to committed 200: the package against what one would write by hand. */
export async function settleCallbacks(client: Client, size: SettleSize): Promise<Figure[]> {
  const { platform, connections, rounds, callbacks } = size;
  const hand = await start(client, await handWritten(client, platform), connections);
  const ours = await start(
    client,
    await nestjsMpesa(client, 'settle', { handler: false, platform }),
    connections,
  );
  const told = await start(
    client,
    await nestjsMpesa(client, 'handler', { handler: true, platform }),
    connections,
  );
  const results = await alternate(
    {
      hand: () => hand.round(callbacks),
      ours: () => ours.round(callbacks),
      told: () => told.round(callbacks),
    },
    { rounds, warmUps: 1 },
  );
  for (const app of [hand, ours, told]) await app.stop();
  return figures(results, size);
}

function figures(
  { hand, ours, told }: Record<'hand' | 'ours' | 'told', Round[]>,
  { platform, connections }: SettleSize,
): Figure[] {
  const of = (rounds: Round[], what: keyof Round) => rounds.map((round) => round[what]);
  const where = `${NAMES[platform]}, ${connections} connections`;
  const against = 'hand-written controller';
  const ratio = (rounds: Round[], what: keyof Round) =>
    spread(ratios(of(rounds, what), of(hand, what)));
  const both = (what: keyof Round, unit: string) =>
    `${withSpread(spread(of(ours, what)))} : ${withSpread(spread(of(hand, what)))} ${unit}`;
  const all = [...hand, ...ours, ...told];
  const refused = all.reduce((sum, round) => sum + round.refused, 0);
  return [
    judgedRatio(`callbacks settled, ${where}`, against, ratio(ours, 'perSecond'), {
      atLeast: AT_LEAST,
    }),
    judgedRatio(`p99 of the answer, ${where}`, against, ratio(ours, 'p99Ms'), {
      atMost: P99_AT_MOST,
    }),
    reported('the first with one event handler', against, withSpread(ratio(told, 'perSecond'))),
    reported('callbacks a second', against, both('perSecond', '/s')),
    reported('p99 of the answer', against, both('p99Ms', 'ms')),
    reported('CPU of the application a callback', against, both('cpuMs', 'ms')),
    ...(refused > 0 ? [reported('callbacks answered 503', '', `${refused}`)] : []),
  ];
}

/** Starts the application; a round fills in pending attempts, then has all of them paid. */
async function start(
  client: Client,
  { module, environment, path, fill, drop }: Contender,
  connections: number,
) {
  const child = Child.start(module, environment);
  const { port } = await child.next<Listening>('listening', START_MS);
  const usage = () => {
    child.tell({ type: 'usage' });
    return child.next<Usage>('usage', START_MS);
  };
  let batches = 0;
  return {
    async round(callbacks: number): Promise<Round> {
      const batch = `B${batches++}Z`;
      await fill(batch, callbacks);
      // Else the checkpoint of one's filling falls into the other's round.
      await client.query('CHECKPOINT');
      const numbers = Array.from({ length: callbacks }, (_, n) => n + 1);
      const requests = numbers.map((n) => callbackRequest(path, batch, n));
      const before = await usage();
      const { requestsPerSecond, latenciesMs, refused } = await load(port, requests, connections);
      const after = await usage();
      return {
        perSecond: requestsPerSecond,
        p99Ms: percentile(latenciesMs, 0.99),
        cpuMs: (after.cpuMs - before.cpuMs) / callbacks,
        refused,
      };
    },
    async stop(): Promise<void> {
      await child.kill();
      await drop();
    },
  };
}
