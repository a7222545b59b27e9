import type { Client } from 'pg';
import { alternate, ratios } from '../support/alternate.js';
import { Child } from '../support/child.js';
import { load } from '../support/load.js';
import { type Figure, judged, reported } from '../support/report.js';
import { digits, percentile, spread, withSpread } from '../support/statistics.js';
import { callbackRequest } from './callback-request.js';
import { type Contender, handWritten, nestjsMpesa } from './contenders.js';
import type { Listening, Usage } from './serve.js';

const CONNECTIONS = 32;
const TO_REACH = 0.6;
const START_MS = 60_000;

/** One round of callbacks against one application. */
interface Round {
  perSecond: number;
  p99Ms: number;
  cpuMs: number;
  /** Answered 503: on a machine that is too busy the store gives up before Daraja does. */
  refused: number;
}

export interface SettleSize {
  rounds: number;
  callbacks: number;
}

/** HTTP request to committed 200: the package against what one would write by hand. */
export async function settleCallbacks(client: Client, size: SettleSize): Promise<Figure[]> {
  const hand = await start(client, await handWritten(client));
  const ours = await start(client, await nestjsMpesa(client, 'settle', { handler: false }));
  const told = await start(client, await nestjsMpesa(client, 'handler', { handler: true }));
  const { rounds, callbacks } = size;
  const results = await alternate(
    {
      hand: () => hand.round(callbacks),
      ours: () => ours.round(callbacks),
      told: () => told.round(callbacks),
    },
    { rounds, warmUps: 1 },
  );
  for (const app of [hand, ours, told]) await app.stop();
  return figures(results);
}

function figures({ hand, ours, told }: Record<'hand' | 'ours' | 'told', Round[]>): Figure[] {
  const of = (rounds: Round[], what: keyof Round) => rounds.map((round) => round[what]);
  const against = 'hand-written controller';
  const ratio = (what: keyof Round) => spread(ratios(of(ours, what), of(hand, what)));
  const both = (what: keyof Round, unit: string) =>
    `${withSpread(spread(of(ours, what)))} : ${withSpread(spread(of(hand, what)))} ${unit}`;
  const settled = ratio('perSecond');
  const all = [...hand, ...ours, ...told];
  const refused = all.reduce((sum, round) => sum + round.refused, 0);
  return [
    judged(
      {
        measured: `callbacks settled, ${CONNECTIONS} connections`,
        against,
        result: withSpread(settled),
        toReach: `>= ${TO_REACH}`,
      },
      settled.median >= TO_REACH,
    ),
    reported(
      'the same with one event handler',
      against,
      withSpread(spread(ratios(of(told, 'perSecond'), of(hand, 'perSecond')))),
    ),
    reported('callbacks a second', against, both('perSecond', '/s')),
    reported('p99 of the answer', against, both('p99Ms', 'ms')),
    reported('p99 of the answer, ratio', against, withSpread(ratio('p99Ms'))),
    reported('CPU of the application a callback', against, both('cpuMs', 'ms')),
    ...(refused > 0 ? [reported('callbacks answered 503', '', `${refused}`)] : []),
    reported(
      'p99 of the answer with one event handler',
      '',
      `${digits(spread(of(told, 'p99Ms')).median)} ms`,
    ),
  ];
}

/** Starts the application; a round fills in pending attempts, then has all of them paid. */
async function start(client: Client, { module, environment, path, fill, drop }: Contender) {
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
      const { requestsPerSecond, latenciesMs, refused } = await load(port, requests, CONNECTIONS);
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
