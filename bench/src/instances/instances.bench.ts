import type { Client } from 'pg';
import { callbackRequest } from '../settle/callback-request.js';
import { type Contender, nestjsMpesa } from '../settle/contenders.js';
import type { Listening } from '../settle/serve.js';
import { alternate, ratios } from '../support/alternate.js';
import { Child } from '../support/child.js';
import { load } from '../support/load.js';
import { type Figure, judgedRatio, reported } from '../support/report.js';
import { spread, withSpread } from '../support/statistics.js';

const START_MS = 60_000;
const TO_REACH = 1.7;

export interface InstancesSize {
  rounds: number;
  /** To each instance. */
  callbacks: number;
}

/**
 * Callbacks settled by two instances of one application on one database, against those of one. With one
 * customer at a time each, an instance waits most of the time, and neither the machine's cores nor the
 * database are the limit; with 16 each the cores are.
 */
export async function instances(client: Client, size: InstancesSize): Promise<Figure[]> {
  const calm = await compare(client, { ...size, callbacks: size.callbacks / 2 }, 1);
  const busy = await compare(client, size, 16);
  const against = 'one instance';
  return [
    judgedRatio('callbacks settled by two instances, each one at a time', against, calm.ratio, {
      atLeast: TO_REACH,
    }),
    reported('the same a second', against, calm.both),
    reported(
      'callbacks settled by two instances, each 16 at a time',
      against,
      withSpread(busy.ratio),
    ),
    reported('the same a second', against, busy.both),
  ];
}

async function compare(client: Client, { rounds, callbacks }: InstancesSize, connections: number) {
  const contender = await nestjsMpesa(client, 'instances', { handler: true });
  const apps = [await start(contender), await start(contender)];
  let batches = 0;
  /** Settled a second by so many of the instances, at once. */
  const round = (running: number) => async () => {
    const batch = `B${batches++}Z`;
    await contender.fill(batch, running * callbacks);
    // Else the checkpoint of one's filling falls into the other's round.
    await client.query('CHECKPOINT');
    const started = performance.now();
    const loads = apps.slice(0, running).map(({ port }, app) => {
      const requests = Array.from({ length: callbacks }, (_, n) =>
        callbackRequest(contender.path, batch, app * callbacks + n + 1),
      );
      return load(port, requests, connections);
    });
    const refused = (await Promise.all(loads)).reduce((sum, each) => sum + each.refused, 0);
    const seconds = (performance.now() - started) / 1_000;
    return (running * callbacks - refused) / seconds;
  };
  const { one, two } = await alternate(
    { one: round(1), two: round(2) },
    { rounds, warmUps: 1 },
  ).finally(async () => {
    for (const { child } of apps) await child.kill();
    await contender.drop();
  });
  const both = `${withSpread(spread(two))} : ${withSpread(spread(one))} /s`;
  return { ratio: spread(ratios(two, one)), both };
}

async function start({ module, environment }: Contender) {
  const child = Child.start(module, environment);
  const { port } = await child.next<Listening>('listening', START_MS);
  return { child, port };
}
