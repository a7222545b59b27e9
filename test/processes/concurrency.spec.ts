import type { StkAttempt, StkPushInput } from '../../lib/index.js';
import type { CallbackScript } from '../../lib/testing.js';
import { describeWith } from '../support/services.js';
import { Deployment } from './support/deployment.js';
import type { Instance, InstanceError } from './support/instance.js';
import { brokenInvariants } from './support/invariants.js';
import { limit } from './support/limit.js';

/** CI and `npm run test:deep` ask for 1,000. */
const ROUNDS = Number(process.env.MPESA_TEST_CALLBACK_ROUNDS ?? 100);

const times = <T>(count: number, work: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => work(index));

/** The same payment told in 8 ways, and two failures: all sent together. */
const CALLBACKS: CallbackScript[] = times(10, (i) => ({
  resultDesc: `Told the ${i}th time.`,
  ...(i % 5 === 3 && { resultCode: i === 3 ? 1032 : 1037 }),
  withPrevious: i > 0,
}));

describe.each(['postgres', 'mariadb'] as const)('on %s', (server) => {
  describeWith(server, 'two instances at once', () => {
    let deployment: Deployment;
    let instances: [Instance, Instance];

    beforeEach(async () => {
      deployment = await Deployment.create({ server });
      instances = [await deployment.start(), await deployment.start()];
    }, 60_000);

    afterEach(() => deployment.close());

    /** As a caller does: what nobody could store is asked for again. */
    async function push(i: number, input: StkPushInput): Promise<StkAttempt> {
      for (;;) {
        try {
          return await instances[i % 2]!.push(input);
        } catch (error) {
          if ((error as InstanceError).code !== 'STK_STORE_UNAVAILABLE') throw error;
        }
      }
    }

    /** The codes of what was refused, `''` for what was not, by how often. */
    async function outcomes(pushes: Promise<unknown>[]): Promise<Record<string, number>> {
      const counts: Record<string, number> = {};
      for (const settled of await Promise.allSettled(pushes)) {
        const code =
          settled.status === 'fulfilled' ? '' : ((settled.reason as InstanceError).code ?? '?');
        counts[code] = (counts[code] ?? 0) + 1;
      }
      return counts;
    }

    it('prompt once for 200 pushes of one order', async () => {
      const order = { orderId: 'one order' };
      const pushAll = (count: number) => times(count, (i) => push(i, deployment.aPush(order)));
      expect(await outcomes(pushAll(200))).toEqual({ '': 1, STK_ORDER_BUSY: 199 });
      expect(deployment.pushesReceived()).toHaveLength(1);
      const [prompt] = [...deployment.emulator.prompts.keys()];
      deployment.emulator.approve(prompt!);
      await deployment.emulator.idle();
      expect(await outcomes(pushAll(20))).toEqual({ STK_ORDER_PAID: 20 });
      await deployment.settled(45_000);
      expect(deployment.pushesReceived()).toHaveLength(1);
      expect(await brokenInvariants(deployment)).toEqual([]);
    }, 60_000);

    it('prompt once for 200 pushes with one key', async () => {
      const input = deployment.aPush({ orderId: undefined, idempotencyKey: 'one key' });
      const attempts = await Promise.all(times(200, (i) => push(i, input)));
      expect(new Set(attempts.map(({ id }) => id)).size).toBe(1);
      expect(deployment.pushesReceived()).toHaveLength(1);
    }, 60_000);

    it(
      `complete once for 8 successes and 2 failures at once, ${ROUNDS} times`,
      async () => {
        const { emulator, database } = deployment;
        emulator.on({ amount: 100 }, { customer: { resultCode: 0 }, callbacks: CALLBACKS });
        const fourAtATime = limit(4);
        await Promise.all(times(ROUNDS, (i) => fourAtATime(() => push(i, deployment.aPush()))));
        await emulator.idle();
        await deployment.settled();
        expect(await brokenInvariants(deployment)).toEqual([]);
        const counted = (sql: string) => database.count(sql);
        expect({
          pushes: deployment.pushesReceived().length,
          answered: emulator.deliveries.filter(({ status }) => status === 200).length,
          taken: await counted('FROM mpesa_evidence WHERE digest IS NOT NULL'),
          completed: await counted(`FROM mpesa_attempt WHERE status = 'completed'`),
          told: await counted(`FROM handled WHERE type LIKE 'stk.completed%'`),
          // Nobody died: then once is exactly once.
          repeated: await counted(
            'FROM (SELECT event_id FROM handled GROUP BY event_id HAVING count(*) > 1) AS twice',
          ),
        }).toEqual({
          pushes: ROUNDS,
          answered: 10 * ROUNDS,
          taken: 10 * ROUNDS,
          completed: ROUNDS,
          told: ROUNDS,
          repeated: 0,
        });
      },
      60_000 + 1_000 * ROUNDS,
    );
  });
});

describeWith('postgres', 'an instance without handlers', () => {
  it('leaves every event to those that have some', async () => {
    const deployment = await Deployment.create();
    try {
      const { emulator, database } = deployment;
      const without = await deployment.start({ handlers: false });
      const first = await deployment.start();
      emulator.on({ amount: 100 }, 'paid');
      const push = (count: number) =>
        Promise.all(times(count, () => without.push(deployment.aPush())));
      await push(10);
      await emulator.idle();
      await deployment.settled();
      expect(await database.count('FROM handled')).toBe(20);

      await first.kill();
      await push(10);
      await emulator.idle();
      expect(await database.count('FROM handled')).toBe(20);
      expect(await database.count('FROM mpesa_delivery WHERE due_at IS NOT NULL')).toBe(30);

      await deployment.start();
      await deployment.settled();
      expect(await database.count('FROM handled')).toBe(40);
      expect(await database.query('SELECT DISTINCT pid FROM handled')).not.toContainEqual({
        pid: without.pid,
      });
      expect(await brokenInvariants(deployment)).toEqual([]);
    } finally {
      await deployment.close();
    }
  }, 120_000);
});
