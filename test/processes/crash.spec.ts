import { describeWith } from '../support/services.js';
import { until } from '../support/until.js';
import { CRASHES, type Crash } from './support/crashes.js';
import { Deployment } from './support/deployment.js';
import { brokenInvariants } from './support/invariants.js';
import { limit } from './support/limit.js';

/** How often each crash is played; `npm run test:deep` asks for more. */
const ROUNDS = Number(process.env.MPESA_TEST_CRASH_ROUNDS ?? 1);

/** Leases take their time, so many stories are waited for side by side, few begin at a time. */
const atATime = limit(8);
const beginning = limit(2);

/** The end of a deployment on which one instance was killed. */
async function play(crash: Crash) {
  const deployment = await beginning(() => Deployment.create(crash.options));
  try {
    const push = deployment.aPush(crash.push);
    const rescuer = await beginning(async () => {
      const instance = await deployment.start();
      await crash.upToTheCrash({ deployment, instance, push });
      expect(await instance.ended).toBe('SIGKILL');
      return deployment.start();
    });
    await crash.afterwards?.({ deployment, instance: rescuer, push });
    await deployment.settled();
    const { database } = deployment;
    const ofOrder = `WHERE order_id = '${push.orderId ?? ''}'`;
    const attempts = await database.query<{ status: string }>(
      `SELECT status FROM mpesa_attempt ${ofOrder}`,
    );
    const handled = await database.query<{ type: string }>(
      `SELECT type FROM handled ${ofOrder} ORDER BY seq`,
    );
    const story = {
      prompts: deployment.promptsOf(push).length,
      attempts: attempts.map(({ status }) => status),
      handled: handled.map(({ type }) => type.replace('stk.', '')),
    };
    return { story, broken: await brokenInvariants(deployment), seed: deployment.emulator.seed };
  } finally {
    await deployment.close();
  }
}

/** A handler that kills its process each time, under a supervisor that starts a new one each time. */
async function poison() {
  const deployment = await Deployment.create({
    mpesa: { events: { tries: 2, firstDelayMs: 100 } },
  });
  const { database, emulator } = deployment;
  try {
    let instance = await beginning(() => deployment.start());
    const poisoned = deployment.aPush({ metadata: { kills: 'stk.prompted' } });
    emulator.next('rings');
    await instance.push(poisoned).catch(() => undefined);
    emulator.on({ amount: 100 }, 'paid');
    const told = `FROM handled WHERE type = 'stk.completed'`;
    while ((await database.count('FROM mpesa_delivery WHERE dead_at IS NOT NULL')) === 0) {
      // Business goes on meanwhile.
      if (!instance.isRunning) instance = await beginning(() => deployment.start());
      const before = await database.count(told);
      await instance.push(deployment.aPush()).catch(() => undefined);
      await until(async () => !instance.isRunning || (await database.count(told)) > before);
    }
    await deployment.settled();
    return {
      instances: deployment.instances.length,
      dead: await database.query(
        'SELECT handler, tries FROM mpesa_delivery WHERE dead_at IS NOT NULL',
      ),
      others: await database.count(told),
      broken: await brokenInvariants(deployment),
    };
  } finally {
    await deployment.close();
  }
}

describeWith('postgres', 'an instance that is killed', () => {
  let played: Map<Crash, ReturnType<typeof play>[]>;
  let poisoned: ReturnType<typeof poison>;

  // All begin here, and each is looked at by its own test, which may come later.
  beforeAll(() => {
    const begun = <T>(playing: Promise<T>) => {
      playing.catch(() => undefined);
      return playing;
    };
    poisoned = begun(poison());
    played = new Map(
      CRASHES.map((crash) => [
        crash,
        Array.from({ length: ROUNDS }, () => begun(atATime(() => play(crash)))),
      ]),
    );
  });

  it.each(CRASHES)(
    '$when: $then',
    async (crash) => {
      for (const { story, broken, seed } of await Promise.all(played.get(crash)!)) {
        expect({ seed, broken, ...story }).toEqual({ seed, broken: [], ...crash.expected });
      }
    },
    300_000 * ROUNDS,
  );

  it('each time by the same handler: that is dead in the end, and holds back nobody else', async () => {
    const { others, ...story } = await poisoned;
    expect(story).toEqual({ instances: 3, dead: [{ handler: 'ledger', tries: 3 }], broken: [] });
    expect(others).toBeGreaterThan(5);
  }, 300_000);
});
