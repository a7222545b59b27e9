import { describeWith } from '../support/services.js';
import { until } from '../support/until.js';
import { onDeployment, type Deployment } from './support/deployment.js';
import type { Instance } from './support/instance.js';
import { brokenInvariants } from './support/invariants.js';

const INSTANCES = 3;
const CUSTOMERS = 4;
/** Between two stops, so that each comes in the middle of work. */
const PAID_BETWEEN = 10;

/** Customers who pay one order after the other, at the instances that are not being stopped. */
class Load {
  private readonly serving: Instance[] = [];
  private readonly customers: Promise<void>[] = [];
  private isOver = false;
  private turn = 0;
  /** What `push()` resolved for. */
  answered = 0;

  constructor(private readonly deployment: Deployment) {}

  begin(instances: Instance[]): void {
    this.serving.push(...instances);
    for (let i = 0; i < CUSTOMERS; i += 1) this.customers.push(this.pay());
  }

  add(instance: Instance): void {
    this.serving.push(instance);
  }

  /** As a load balancer does before it stops an instance: what is under way goes on. */
  remove(instance: Instance): void {
    this.serving.splice(this.serving.indexOf(instance), 1);
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.customers);
  }

  private async pay(): Promise<void> {
    while (!this.isOver) {
      const instance = this.serving[(this.turn += 1) % this.serving.length]!;
      const push = this.deployment.aPush({ metadata: { takesMs: 50 } });
      // One that the stop cut off: what became of it is found out later.
      const attempt = await instance.push(push).catch(() => undefined);
      if (attempt) this.answered += 1;
    }
  }
}

describeWith('postgres', `${INSTANCES} instances that are replaced one after the other`, () => {
  it(
    'lose nothing of what goes on meanwhile, and end by themselves',
    onDeployment(
      async (deployment) => {
        const { emulator, database } = deployment;
        emulator.on({ amount: 100 }, { customer: { resultCode: 0, afterMs: 100 } });
        const load = new Load(deployment);
        const olds = await Promise.all(Array.from({ length: INSTANCES }, () => deployment.start()));
        load.begin(olds);
        try {
          for (const old of olds) {
            load.add(await deployment.start());
            const goal = load.answered + PAID_BETWEEN;
            await until(() => load.answered >= goal, 60_000);
            load.remove(old);
            expect(await old.terminate()).toBe(0);
          }
          const goal = load.answered + PAID_BETWEEN;
          await until(() => load.answered >= goal, 60_000);
        } finally {
          await load.end();
        }
        await deployment.settled();

        const prompts = [...emulator.prompts.values()];
        expect(prompts.length).toBeGreaterThanOrEqual(INSTANCES * PAID_BETWEEN);
        expect(prompts.filter(({ status }) => status !== 'paid')).toEqual([]);
        const completed = `FROM mpesa_attempt WHERE status = 'completed'`;
        expect(await database.count(completed)).toBe(prompts.length);
        expect(await database.count('FROM shipped')).toBe(prompts.length);
        expect(await database.count('FROM (SELECT DISTINCT order_id FROM shipped) AS orders')).toBe(
          prompts.length,
        );
        expect(await brokenInvariants(deployment)).toEqual([]);
      },
      // A callback that finds its instance gone is found by the query, soon enough for a test.
      {
        mpesa: {
          reconciliation: {
            firstAfterMs: 3_000,
            minIntervalMs: 100,
            expireAfterMs: 20_000,
            giveUpAfterMs: 3_600_000,
          },
        },
      },
    ),
    300_000,
  );
});
