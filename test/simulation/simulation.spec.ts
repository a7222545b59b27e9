import { World } from './support/world.js';

/** How many payments are simulated; CI and `npm run test:deep` ask for more. */
const PAYMENTS = Number(process.env.MPESA_TEST_SIMULATED_PAYMENTS ?? 4_000);
const PER_WORLD = 200;
const SEED = Number(process.env.MPESA_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
const MINUTE_MS = 60_000;

describe('a simulated shop', () => {
  it(`keeps its promises over ${PAYMENTS} payments, whatever goes wrong`, async () => {
    console.info(`Seed of the first world: ${SEED} (MPESA_TEST_SEED)`);
    for (let seed = SEED; seed < SEED + PAYMENTS / PER_WORLD; seed += 1) {
      const world = new World({ seed, payments: PER_WORLD, openMs: 10 * MINUTE_MS });
      const broken = await world.run(25 * MINUTE_MS);
      expect({ seed, broken }).toEqual({ seed, broken: [] });
      expect(world.daraja.prompts.length).toBeGreaterThan(PER_WORLD / 2);
    }
  }, 3_600_000);

  it('keeps them over two days, within which every attempt ends', async () => {
    const world = new World({
      seed: SEED,
      payments: PER_WORLD,
      openMs: 60 * MINUTE_MS,
      mpesa: { reconciliation: {} },
    });
    expect(await world.run(49 * 60 * MINUTE_MS)).toEqual([]);
  }, 600_000);

  it('is the same for the same seed', async () => {
    const told = async () => {
      const world = new World({ seed: SEED, payments: 50, openMs: 5 * MINUTE_MS });
      await world.run(25 * MINUTE_MS);
      const events = world.handled.map(({ orderId, type }) => `${orderId} ${type}`);
      return { events, queries: world.daraja.queries };
    };
    expect(await told()).toEqual(await told());
  }, 60_000);
});
