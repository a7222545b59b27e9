import fc from 'fast-check';
import { ModelledShop } from './support/modelled-shop.js';
import { Race, processes } from './support/race.js';
import { ScheduledStore } from './support/scheduled-store.js';

/** `npm run test:deep` asks for more. */
const RUNS = Math.ceil(Number(process.env.MPESA_TEST_MODEL_RUNS ?? 10_000) / 5);
const SEED = Number(process.env.MPESA_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

describe('processes that work on one order at a time', () => {
  it('send once, count money once and tell of it once, however they come in between', async () => {
    console.info(`Seed: ${SEED} (MPESA_TEST_SEED), races: ${RUNS}`);
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), processes, async (scheduler, commands) => {
        const shop = new ModelledShop((clock) => new ScheduledStore(clock, scheduler));
        await shop.start();
        const race = new Race();
        await fc.scheduledModelRun(scheduler, () => ({ model: race, real: shop }), commands);
        await scheduler.waitFor(Promise.all(race.underWay));
        // Whoever died is found, and everybody is told.
        await scheduler.waitFor(shop.tick(60_000));
        await scheduler.waitFor(shop.told(0));
        race.check(shop.toldInOrder());
      }),
      { numRuns: RUNS, seed: SEED },
    );
  }, 3_600_000);
});
