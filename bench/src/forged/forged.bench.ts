import { randomBytes } from 'node:crypto';
import { stkCallback } from 'nestjs-mpesa/testing';
import type { Client } from 'pg';
import { AMOUNT, benchCallback, benchToken, callbackRequest } from '../settle/callback-request.js';
import { type Contender, nestjsMpesa } from '../settle/contenders.js';
import type { Listening } from '../settle/serve.js';
import { alternate, ratios } from '../support/alternate.js';
import { Child } from '../support/child.js';
import { CORES_BUSY, coresBusy, cpuSeconds } from '../support/cores.js';
import { load, postRequest } from '../support/load.js';
import { paced } from '../support/paced.js';
import { type Figure, judged, reported } from '../support/report.js';
import { digits, percentile, spread, withSpread } from '../support/statistics.js';

const START_MS = 60_000;
const FORGED_A_SECOND = 1_000;
const HONEST_A_SECOND = 50;
const CONNECTIONS = 16;

export interface ForgedSize {
  /** Forged posts of the flood. */
  forged: number;
  /** Rounds of `posts` each, for the timing of known and unknown tokens. */
  rounds: number;
  posts: number;
}

/** A flood of forgeries with honest callbacks among them, and whether the time of an answer tells anything. */
export async function forgeries(client: Client, size: ForgedSize): Promise<Figure[]> {
  const contender = await nestjsMpesa(client, 'forged', { handler: false });
  const child = Child.start(contender.module, contender.environment);
  const { port } = await child.next<Listening>('listening', START_MS);
  try {
    const flooded = await flood(client, contender, { port, pid: child.pid }, size.forged);
    return [...flooded, ...(await timing(contender, port, size))];
  } finally {
    await child.kill();
    await contender.drop();
  }
}

async function flood(
  client: Client,
  contender: Contender,
  { port, pid }: { port: number; pid: number },
  forged: number,
) {
  const schema = contender.environment.BENCH_SCHEMA ?? '';
  const honest = Math.ceil((forged / FORGED_A_SECOND) * HONEST_A_SECOND);
  await contender.fill('Q', honest);
  await contender.fill('F', honest);
  const honestly = (batch: string) =>
    paced(
      port,
      Array.from({ length: honest }, (_, n) => callbackRequest(contender.path, batch, n + 1)),
      { perSecond: HONEST_A_SECOND, connections: CONNECTIONS },
    );
  const busy = async <T>(work: () => Promise<T>): Promise<[T, string]> => {
    const before = cpuSeconds([pid]);
    const started = performance.now();
    const result = await work();
    return [result, coresBusy(before, cpuSeconds([pid]), (performance.now() - started) / 1_000)];
  };
  const [alone, coresAlone] = await busy(() => honestly('Q'));
  const forgeries = Array.from({ length: forged }, (_, n) => forgery(contender.path, n));
  const [[among, noise], coresAmong] = await busy(() =>
    Promise.all([
      honestly('F'),
      paced(port, forgeries, { perSecond: FORGED_A_SECOND, connections: CONNECTIONS }),
    ]),
  );
  const { rows } = await client.query<{ completed: number; nudged: number; kept: number }>(
    `SELECT (SELECT count(*)::int FROM "${schema}".mpesa_attempt WHERE status = 'completed') AS completed,
      (SELECT count(*)::int FROM "${schema}".mpesa_attempt WHERE nudged) AS nudged,
      (SELECT count(*)::int FROM "${schema}".mpesa_evidence WHERE attempt_id IS NULL) AS kept`,
  );
  const { completed = NaN, nudged = NaN, kept = NaN } = rows[0] ?? {};
  const p99 = (latencies: number[]) => percentile(latencies, 0.99);
  const worse = p99(among.latenciesMs) / p99(alone.latenciesMs);
  const against = `${digits(forged)} forged at ${digits(FORGED_A_SECOND)}/s`;
  return [
    judged(
      {
        measured: 'forgeries that completed an attempt',
        against,
        result: `${completed - 2 * honest}`,
        toReach: '0',
      },
      completed === 2 * honest,
    ),
    judged(
      { measured: 'queries that they brought forward', against, result: `${nudged}`, toReach: '0' },
      nudged === 0,
    ),
    judged(
      {
        measured: 'answered with anything but 200',
        against,
        result: `${noise.refused + among.refused}`,
        toReach: '0',
      },
      noise.refused + among.refused === 0,
    ),
    judged(
      {
        measured: 'p99 of honest callbacks, ratio',
        against: 'the same without forgeries',
        result: digits(worse),
        toReach: '<= 1.2',
      },
      worse <= 1.2,
    ),
    reported(
      'p99 of honest callbacks',
      'the same without forgeries',
      `${digits(p99(among.latenciesMs))} : ${digits(p99(alone.latenciesMs))} ms`,
    ),
    reported(CORES_BUSY, 'the same without forgeries', `${coresAmong} : ${coresAlone}`),
    reported('forged posts a second', against, digits(noise.requestsPerSecond)),
    reported('kept in quarantine', against, `${kept}`),
  ];
}

/** By turns: a token of the right form, one of no form, a body that is none, one that is too long. */
function forgery(path: string, n: number): string {
  const paid = benchCallback('F', n);
  const token = randomBytes(32).toString('base64url');
  switch (n % 8) {
    case 0:
      return postRequest(`${path}/${token.slice(1)}`, paid);
    case 1:
      return postRequest(`${path}/${token}`, { Body: paid });
    case 2:
      return postRequest(`${path}/${token}`, { ...paid, more: ' '.repeat(20_000) });
    default:
      return postRequest(`${path}/${token}`, paid);
  }
}

async function timing(contender: Contender, port: number, { rounds, posts }: ForgedSize) {
  let batches = 0;
  const measure = async (requests: string[]) => {
    const { latenciesMs } = await load(port, requests, 1);
    return percentile(latenciesMs, 0.5);
  };
  const numbers = Array.from({ length: posts }, (_, n) => n + 1);
  const unknown = () => randomBytes(32).toString('base64url');
  const wrong = { resultCode: 0, amount: AMOUNT + 1 };
  /** One round: tokens of pending attempts, against tokens that nobody was given, with the same bodies. */
  const round = (known: boolean, bodyOf: (batch: string, n: number) => unknown) => async () => {
    const batch = `T${batches++}Z`;
    await contender.fill(batch, posts);
    return measure(
      numbers.map((n) =>
        postRequest(
          `${contender.path}/${known ? benchToken(batch, n) : unknown()}`,
          bodyOf(batch, n),
        ),
      ),
    );
  };
  const malformed = () => ({ Body: {} });
  const forged = (_batch: string, n: number) =>
    stkCallback.success({ ...wrong, merchantRequestId: `m-${n}`, checkoutRequestId: `c-${n}` });
  const taken = await alternate(
    {
      knownMalformed: round(true, malformed),
      unknownMalformed: round(false, malformed),
      knownForged: round(true, forged),
      unknownForged: round(false, forged),
    },
    { rounds, warmUps: 1 },
  );
  const against = 'the same to a token that nobody was given';
  const ratio = (known: number[], other: number[]) => withSpread(spread(ratios(known, other)));
  return [
    reported(
      'median answer to a malformed body, right token',
      against,
      ratio(taken.knownMalformed, taken.unknownMalformed),
    ),
    reported(
      'median answer to a forged body, right token',
      against,
      ratio(taken.knownForged, taken.unknownForged),
    ),
    reported(
      'the same in ms',
      against,
      `${digits(spread(taken.knownForged).median)} : ${digits(spread(taken.unknownForged).median)}`,
    ),
  ];
}
