import type { Client } from 'pg';
import { alternate, ratios } from '../support/alternate.js';
import { dropSchema } from '../support/database.js';
import { type Figure, judged, reported } from '../support/report.js';
import { digits, spread, withSpread } from '../support/statistics.js';
import { explainScans } from './explain.js';
import { fillStore, type FilledStore } from './filled-store.js';
import { type Operation, OPERATIONS, type Running } from './operations.js';

const FEW = 1_000;
const TO_REACH = 1.5;
const WARM_UPS = 1;

export interface GrowthSize {
  many: number;
  rounds: number;
  /** Of one operation, a round. */
  calls: number;
  explain: boolean;
}

/** What the store does with many settled attempts in its tables, against few. */
export async function growth(client: Client, size: GrowthSize): Promise<Figure[]> {
  const few = await fillStore(client, 'few', FEW);
  const many = await fillStore(client, 'many', size.many);
  if (size.explain) await explainScans(client, many.schema);
  const figures: Figure[] = [];
  for (const operation of OPERATIONS) {
    figures.push(await compare(client, operation, { few, many }, size));
  }
  for (const { close, schema } of [few, many]) {
    await close();
    await dropSchema(client, schema);
  }
  return figures;
}

async function compare(
  client: Client,
  { name, judged: isJudged, begin }: Operation,
  stores: Record<'few' | 'many', FilledStore>,
  { many: attempts, rounds, calls }: GrowthSize,
): Promise<Figure> {
  const allCalls = (rounds + WARM_UPS) * calls;
  const few = await begin(client, stores.few, allCalls);
  const many = await begin(client, stores.many, allCalls);
  const medians = await alternate(
    { few: () => medianMs(few, calls), many: () => medianMs(many, calls) },
    { rounds, warmUps: WARM_UPS },
  );
  await few.end?.();
  await many.end?.();
  const ratio = spread(ratios(medians.many, medians.few));
  const ms = [medians.many, medians.few].map((each) => digits(spread(each).median));
  const measured = `${name}, ${attempts.toLocaleString('en')} settled attempts`;
  const against = `${FEW.toLocaleString('en')} settled attempts`;
  const result = `${withSpread(ratio)}; ${ms.join(' : ')} ms`;
  if (!isJudged) return reported(measured, against, result);
  return judged({ measured, against, result, toReach: `<= ${TO_REACH}` }, ratio.median <= TO_REACH);
}

async function medianMs({ call }: Running, calls: number): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < calls; n += 1) {
    const started = performance.now();
    await call();
    times.push(performance.now() - started);
  }
  return spread(times).median;
}
