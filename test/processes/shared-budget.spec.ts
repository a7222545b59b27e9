import { describeWith, locate } from '../support/services.js';
import { onDeployment } from './support/deployment.js';

const INSTANCES = 4;
const PUSHES = 12;
const INTERVAL_MS = 1_000;
/** Two clocks are compared by whole ms, Redis's and the emulator's. */
const ROUNDING_MS = 2;

const reconciliation = {
  firstAfterMs: 500,
  minIntervalMs: INTERVAL_MS,
  expireAfterMs: 60_000,
  giveUpAfterMs: 3_600_000,
};

describeWith('redis', `${INSTANCES} instances that share a budget over Redis`, () => {
  it('ask about lost callbacks no more often than one may', async () => {
    const redis = Number(new URL(locate('redis')).port || 6379);
    const story = onDeployment(
      async (deployment) => {
        const instances = await Promise.all(
          Array.from({ length: INSTANCES }, () => deployment.start({ handlers: false })),
        );
        deployment.emulator.on({ amount: 100 }, { customer: { resultCode: 0 }, callbacks: [] });
        await Promise.all(
          Array.from({ length: PUSHES }, (_, i) =>
            instances[i % INSTANCES]!.push(deployment.aPush()),
          ),
        );
        await deployment.settled();
        const asked = deployment.emulator.received
          .filter(({ path }) => path.endsWith('/query'))
          .map(({ at }) => at);
        expect(asked).toHaveLength(PUSHES);
        const distances = asked.slice(1).map((at, i) => at - asked[i]!);
        expect(Math.min(...distances)).toBeGreaterThanOrEqual(INTERVAL_MS - ROUNDING_MS);
        const paid = await deployment.database.count(
          `FROM mpesa_attempt WHERE status = 'completed'`,
        );
        expect(paid).toBe(PUSHES);
      },
      { mpesa: { reconciliation }, redis },
    );
    await story();
  }, 180_000);
});
