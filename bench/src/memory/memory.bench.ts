import { DarajaEmulator } from 'nestjs-mpesa/testing';
import type { Client } from 'pg';
import type { Listening } from '../settle/serve.js';
import { Child } from '../support/child.js';
import { migrate } from '../support/data-source.js';
import { createSchema, dropSchema, SCHEMA_PREFIX } from '../support/database.js';
import { type Figure, judged, reported } from '../support/report.js';
import { digits, spread, withSpread } from '../support/statistics.js';
import type { Paid, Pay } from './paying.app.js';

const SCHEMA = `${SCHEMA_PREFIX}memory`;
const START_MS = 60_000;
const SLICE_MS = 1_800_000;
const SLICES = 10;
const TO_REACH = 1.05;

/** One instance pays so many orders, after a tenth as many to warm up. */
export async function memory(client: Client, payments: number): Promise<Figure[]> {
  await createSchema(client, SCHEMA);
  await migrate(SCHEMA);
  const slices = await pay(payments / SLICES);
  await dropSchema(client, SCHEMA);
  const [warm, ...later] = slices;
  if (!warm) throw new Error('Nothing was paid');
  const against = 'after the warm-up';
  const grown = spread(later.map(({ heapMiB }) => heapMiB / warm.heapMiB));
  const resident = spread(later.map(({ residentMiB }) => residentMiB / warm.residentMiB));
  return [
    judged(
      {
        measured: `heap of an instance over ${digits(payments)} payments`,
        against,
        result: withSpread(grown),
        toReach: `<= ${TO_REACH}`,
      },
      grown.max <= TO_REACH,
    ),
    judged(
      {
        measured: 'its resident memory',
        against,
        result: withSpread(resident),
        toReach: `<= ${TO_REACH}`,
      },
      resident.max <= TO_REACH,
    ),
    reported('its heap', '', `${slices.map(({ heapMiB }) => heapMiB.toFixed(1)).join(', ')} MiB`),
    reported(
      'its resident memory',
      '',
      `${slices.map(({ residentMiB }) => residentMiB.toFixed(0)).join(', ')} MiB`,
    ),
  ];
}

/** What the instance held after each slice, the warm-up being the first. */
async function pay(slice: number): Promise<Paid[]> {
  let callbackPort = 0;
  let daraja = emulator();
  const baseUrl = await daraja.listen();
  const child = Child.start('memory/paying.app.js', {
    BENCH_SCHEMA: SCHEMA,
    BENCH_DARAJA: baseUrl,
  });
  try {
    callbackPort = (await child.next<Listening>('listening', START_MS)).port;
    const slices: Paid[] = [];
    for (let n = 0; n <= SLICES; n += 1) {
      child.tell({ type: 'pay', from: n * slice, count: slice } satisfies Pay);
      slices.push(await child.next<Paid>('paid', SLICE_MS));
      process.stderr.write(`  ${digits(n * slice)} of ${digits(SLICES * slice)} payments\n`);
      // An emulator keeps all that it was asked, and would slow this process down.
      await daraja.close();
      daraja = emulator();
      await daraja.listen(Number(new URL(baseUrl).port));
    }
    return slices;
  } finally {
    await child.kill();
    await daraja.close();
  }

  function emulator(): DarajaEmulator {
    return new DarajaEmulator({
      defaultScenario: 'paid',
      deliver: async ({ url, headers, body }) => {
        const { pathname } = new URL(url);
        const target = `http://127.0.0.1:${callbackPort}${pathname}`;
        const response = await fetch(target, { method: 'POST', headers, body });
        await response.text();
        return response;
      },
    });
  }
}
