import fc from 'fast-check';
import { stories } from './support/model-commands.js';
import { ModelledShop } from './support/modelled-shop.js';
import { ReferenceModel } from './support/reference-model.js';

/** `npm run test:deep` asks for more. */
const RUNS = Number(process.env.MPESA_TEST_MODEL_RUNS ?? 10_000);
const SEED = Number(process.env.MPESA_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

describe('attempts, evidence and events', () => {
  it('do what the reference model says, whatever is done to them', async () => {
    console.info(`Seed: ${SEED} (MPESA_TEST_SEED), stories: ${RUNS}`);
    await fc.assert(
      fc.asyncProperty(stories, async (commands) => {
        const real = new ModelledShop();
        const model = new ReferenceModel();
        await real.start();
        await fc.asyncModelRun(() => ({ model, real }), commands);
        for (const order of [0, 1]) {
          const expected = model.orders[order]!.attempts.map(({ events }) => events);
          expect(await real.told(order)).toEqual(expected);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  }, 3_600_000);
});
