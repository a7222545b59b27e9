import { randomUUID } from 'node:crypto';
import { DarajaEmulator } from 'nestjs-mpesa/testing';
import type { Client } from 'pg';
import { Child } from '../support/child.js';
import { createSchema, dropSchema, SCHEMA_PREFIX } from '../support/database.js';
import { type Figure, judged } from '../support/report.js';
import { spread, withSpread } from '../support/statistics.js';
import { migrate } from '../support/data-source.js';
import type { Callback, Handled, Push } from './instance.app.js';

const SCHEMA = `${SCHEMA_PREFIX}takeover`;
const TO_REACH_S = 35;
const TIMEOUT_MS = 120_000;
/** The doomed instance mostly gets its own event first, as its commit wakes it; if not, once more. */
const TRIES = 5;

interface Takeover {
  /** From SIGKILL to the survivor's handler, in s. */
  event: number;
  push: number;
}

/** Two instances on one database; one is killed in the middle of an event and of a push. */
export async function takeover(client: Client, rounds: number): Promise<Figure[]> {
  await createSchema(client, SCHEMA);
  await migrate(SCHEMA);
  const results: Takeover[] = [];
  for (let round = 0; round < rounds; round += 1) results.push(await killOne());
  await dropSchema(client, SCHEMA);
  return [
    figure('SIGKILL of an instance with a claimed event, until another has it handled', 'event'),
    figure('SIGKILL of an instance with a push under way, until another has it swept', 'push'),
  ];

  function figure(measured: string, what: keyof Takeover): Figure {
    const seconds = spread(results.map((result) => result[what]));
    const reached = seconds.max <= TO_REACH_S;
    const result = `${withSpread(seconds)} s`;
    return judged({ measured, against: '', result, toReach: `<= ${TO_REACH_S} s` }, reached);
  }
}

async function killOne(): Promise<Takeover> {
  const daraja = new DarajaEmulator({
    deliver: ({ url, body }) => {
      const token = new URL(url).pathname.split('/').at(-1) ?? '';
      doomed.tell({ type: 'callback', token, body } satisfies Callback);
      return Promise.resolve();
    },
  });
  const environment = { BENCH_SCHEMA: SCHEMA, BENCH_DARAJA: await daraja.listen() };
  const survivor = Child.start('takeover/instance.app.js', {
    ...environment,
    BENCH_HANDLER: 'works',
  });
  const doomed = Child.start('takeover/instance.app.js', {
    ...environment,
    BENCH_HANDLER: 'hangs',
  });
  try {
    await Promise.all([survivor.next('ready', TIMEOUT_MS), doomed.next('ready', TIMEOUT_MS)]);
    const lost = await pushWithoutAnswer(doomed, daraja);
    const paid = await claimEvent(doomed, daraja);
    await doomed.kill();
    const killed = performance.now();
    const [event, push] = await Promise.all([
      handledBy(survivor, paid, killed),
      handledBy(survivor, lost, killed),
    ]);
    return { event, push };
  } finally {
    await doomed.kill();
    await survivor.kill();
    await daraja.close();
  }
}

/** An instance claims a push, sends it, and hears nothing. */
async function pushWithoutAnswer(instance: Child, daraja: DarajaEmulator): Promise<string> {
  const orderId = randomUUID();
  daraja.next({ push: { answer: 'no-answer' } });
  const before = daraja.received.length;
  instance.tell({ type: 'push', orderId } satisfies Push);
  const sent = () => daraja.received.slice(before).some(({ path }) => path.includes('stkpush'));
  const deadline = Date.now() + TIMEOUT_MS;
  while (!sent()) {
    if (Date.now() > deadline) throw new Error('The instance sends no push');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return orderId;
}

/** An order is paid, and the instance's handler hangs with the event. */
async function claimEvent(instance: Child, daraja: DarajaEmulator): Promise<string> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const orderId = randomUUID();
    daraja.next('paid');
    instance.tell({ type: 'push', orderId } satisfies Push);
    const handled = await instance.next<Handled>('handled', 5_000).catch(() => null);
    if (handled?.orderId === orderId) return orderId;
  }
  throw new Error('The other instance gets every event first');
}

async function handledBy(instance: Child, orderId: string, since: number): Promise<number> {
  const isIt = (handled: Handled) => handled.orderId === orderId;
  await instance.next<Handled>('handled', TIMEOUT_MS, isIt);
  return (performance.now() - since) / 1_000;
}
