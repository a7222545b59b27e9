import type { Client } from 'pg';
import { callbackRequest } from '../settle/callback-request.js';
import { type Contender, handWritten, nestjsMpesa } from '../settle/contenders.js';
import type { Listening } from '../settle/serve.js';
import { alternate, ratios } from '../support/alternate.js';
import { Child } from '../support/child.js';
import { CORES_BUSY, coresBusy, cpuSeconds } from '../support/cores.js';
import { canLimitCpu, limitCpu } from '../support/cpu-limit.js';
import { load } from '../support/load.js';
import { type Figure, judgedRatio, reported } from '../support/report.js';
import { spread, withSpread } from '../support/statistics.js';

const START_MS = 60_000;
const TO_REACH = 1.7;
const CONNECTIONS = 32;
/** Of one core, to each instance: leaves PostgreSQL and the load what they need on two cores. */
const SHARE = 0.3;

const LIMITED = `callbacks settled by two instances, each with ${SHARE} of a core`;

export interface InstancesSize {
  rounds: number;
  /** To each instance. */
  callbacks: number;
}

/**
 * Callbacks settled by two instances of one application on one database, against those of one. Where
 * all of them share a machine its cores are soon the limit. So each instance is also given a part of a
 * core and no more: then PostgreSQL and the load have what they need, and the instances are the limit.
 * What two of the hand-written controller reach then is what the machine lets anybody reach.
 */
export async function instances(client: Client, size: InstancesSize): Promise<Figure[]> {
  const against = 'one instance';
  const ours = () => nestjsMpesa(client, 'instances', { handler: true });
  const free = await compare(client, await ours(), size, null);
  const figures = [
    reported('callbacks settled by two instances, no limits', against, withSpread(free.ratio)),
    reported('the same a second', against, free.both),
    reported(CORES_BUSY, against, free.cores),
  ];
  if (!canLimitCpu()) {
    const why = 'not measured: limits need control groups of version 1, and the right to make one';
    return [...figures, reported(LIMITED, against, why)];
  }
  const fewer = { ...size, callbacks: size.callbacks / 4 };
  const limited = await compare(client, await ours(), fewer, SHARE);
  const bare = await compare(client, await handWritten(client), fewer, SHARE);
  return [
    judgedRatio(LIMITED, against, limited.ratio, { atLeast: TO_REACH }),
    reported('the same a second', against, limited.both),
    reported(CORES_BUSY, against, limited.cores),
    reported('the same of hand-written controllers', against, withSpread(bare.ratio)),
    reported('the same a second', against, bare.both),
    reported(CORES_BUSY, against, bare.cores),
    ...figures,
  ];
}

/** @param share of a core for each instance, or null for no limit */
async function compare(
  client: Client,
  contender: Contender,
  { rounds, callbacks }: InstancesSize,
  share: number | null,
): Promise<{ ratio: ReturnType<typeof spread>; both: string; cores: string }> {
  const apps = [await start(contender), await start(contender)];
  const cores: Record<number, string> = {};
  let batches = 0;
  /** Settled a second by so many of the instances, at once. */
  const round = async (running: number): Promise<number> => {
    const batch = `B${batches++}Z`;
    await contender.fill(batch, running * callbacks);
    // Else the checkpoint of one's filling falls into the other's round.
    await client.query('CHECKPOINT');
    const pids = apps.slice(0, running).map(({ child }) => child.pid);
    const before = cpuSeconds(pids);
    const started = performance.now();
    const loads = apps.slice(0, running).map(({ port }, app) => {
      const requests = Array.from({ length: callbacks }, (_, n) =>
        callbackRequest(contender.path, batch, app * callbacks + n + 1),
      );
      return load(port, requests, CONNECTIONS);
    });
    const refused = (await Promise.all(loads)).reduce((sum, each) => sum + each.refused, 0);
    const seconds = (performance.now() - started) / 1_000;
    cores[running] = coresBusy(before, cpuSeconds(pids), seconds);
    return (running * callbacks - refused) / seconds;
  };
  const removals: (() => void)[] = [];
  try {
    // The first pass compiles, which a limit would draw out.
    await round(2);
    if (share !== null) removals.push(...apps.map(({ child }) => limitCpu(child.pid, share)));
    const { one, two } = await alternate(
      { one: () => round(1), two: () => round(2) },
      { rounds, warmUps: 1 },
    );
    const both = `${withSpread(spread(two))} : ${withSpread(spread(one))} /s`;
    const ratio = spread(ratios(two, one));
    return { ratio, both, cores: `${cores[2]} : ${cores[1]}, in the last round` };
  } finally {
    for (const { child } of apps) await child.kill();
    for (const remove of removals) remove();
    await contender.drop();
  }
}

async function start({ module, environment }: Contender) {
  const child = Child.start(module, environment);
  const { port } = await child.next<Listening>('listening', START_MS);
  return { child, port };
}
