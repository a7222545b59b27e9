import { describeWith } from '../support/services.js';
import { Deployment } from './support/deployment.js';
import type { Instance } from './support/instance.js';
import { brokenInvariants } from './support/invariants.js';

const INTERVAL_MS = 1_000;
/** Two clocks are compared by whole ms, the database's and the emulator's. */
const ROUNDING_MS = 2;

const reconciliation = {
  firstAfterMs: 500,
  minIntervalMs: INTERVAL_MS,
  expireAfterMs: 60_000,
  giveUpAfterMs: 3_600_000,
};

describeWith('postgres', 'two instances that look for lost callbacks', () => {
  let deployment: Deployment;
  let instances: [Instance, Instance];

  beforeEach(async () => {
    deployment = await Deployment.create({ mpesa: { reconciliation } });
    instances = [await deployment.start(), await deployment.start()];
  }, 90_000);

  afterEach(() => deployment.close());

  const pushAll = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, i) => instances[i % 2]!.push(deployment.aPush())),
    );
  const queries = () =>
    deployment.emulator.received.filter(({ path }) => path.endsWith('/query')).map(({ at }) => at);
  const distances = (times: number[]) => times.slice(1).map((at, i) => at - times[i]!);
  const completed = () =>
    deployment.database.count(
      `FROM mpesa_attempt WHERE status = 'completed' AND confirmed_by = 'query' AND NOT late`,
    );

  it('find each by one query, within one budget', async () => {
    deployment.emulator.on({ amount: 100 }, { customer: { resultCode: 0 }, callbacks: [] });
    await pushAll(10);
    await deployment.settled();
    expect(await completed()).toBe(10);
    expect(queries()).toHaveLength(10);
    expect(Math.min(...distances(queries()))).toBeGreaterThanOrEqual(INTERVAL_MS - ROUNDING_MS);
    expect(await brokenInvariants(deployment)).toEqual([]);
  }, 180_000);

  it('are slowed together by a 429', async () => {
    deployment.emulator.on(
      { amount: 100 },
      {
        customer: { resultCode: 0 },
        callbacks: [],
        query: { settled: ['spike-arrest', 'final'] },
      },
    );
    await pushAll(2);
    await deployment.settled();
    expect(await completed()).toBe(2);
    expect(Math.min(...distances(queries()))).toBeGreaterThanOrEqual(INTERVAL_MS - ROUNDING_MS);
    expect(distances(queries())[0]).toBeGreaterThanOrEqual(2 * INTERVAL_MS - ROUNDING_MS);
  }, 180_000);

  it.each(['look.claimed', 'look.answered'])(
    'go on where one dies at %s',
    async (point) => {
      deployment.emulator.on({ amount: 100 }, { customer: { resultCode: 0 }, callbacks: [] });
      for (const instance of instances) await instance.arm(point);
      await pushAll(2);
      // Whichever of them asks first; the other one then has the trap of its own taken away.
      const died = await Promise.race(instances.map((each) => each.ended.then(() => each)));
      const other = instances.find((each) => each !== died)!;
      await deployment.start();
      await Promise.race([other.ended, deployment.settled()]);
      await deployment.settled();
      expect(await completed()).toBe(2);
      expect(await brokenInvariants(deployment)).toEqual([]);
    },
    180_000,
  );

  it('see what the other one committed, within about a second', async () => {
    deployment.emulator.on({ amount: 100 }, { customer: 'waits', callbacks: [] });
    const [attempt] = await pushAll(1);
    const [one, two] = instances;
    const seen = two.waitFor(attempt!.id).then(() => Date.now());
    deployment.emulator.approve([...deployment.emulator.prompts.keys()][0]!);
    await one.reconcile(attempt!.id);
    const committed = Date.now();
    // A second is how often it looks; the rest is for a machine under load.
    expect((await seen) - committed).toBeLessThan(5_000);
  }, 60_000);
});
