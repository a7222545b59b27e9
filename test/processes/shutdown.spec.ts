import { describeWith } from '../support/services.js';
import { until } from '../support/until.js';
import { onDeployment } from './support/deployment.js';
import { brokenInvariants } from './support/invariants.js';

describeWith('postgres', 'an instance that is asked to stop', () => {
  it.concurrent(
    'ends what its handlers have begun, and leaves the rest free for others',
    onDeployment(async (deployment) => {
      const { emulator, database } = deployment;
      const instance = await deployment.start();
      emulator.on({ amount: 100 }, 'paid');
      const slow = { metadata: { takesMs: 300 } };
      await Promise.all(Array.from({ length: 30 }, () => instance.push(deployment.aPush(slow))));
      await emulator.idle();
      await until(async () => (await database.count('FROM handled')) > 5);
      expect(await instance.terminate()).toBe(0);
      const left = await database.count('FROM mpesa_delivery WHERE due_at IS NOT NULL');
      expect(left).toBeGreaterThan(0);
      const held = `FROM mpesa_delivery WHERE due_at > now() + interval '5 seconds'`;
      expect(await database.count(held)).toBe(0);

      await deployment.start();
      await deployment.settled(20_000);
      expect(await database.count('FROM handled')).toBe(60);
      expect(await database.count('FROM (SELECT DISTINCT event_id FROM handled) AS events')).toBe(
        60,
      );
      expect(await brokenInvariants(deployment)).toEqual([]);
    }),
    120_000,
  );

  it.concurrent(
    'ends a push that no request waits for, so that Daraja can be asked about it',
    onDeployment(async (deployment) => {
      const { emulator } = deployment;
      const instance = await deployment.start();
      const other = await deployment.start();
      const paysUnheard = { customer: { resultCode: 0, afterMs: 1_000 }, callbacks: [] };
      emulator.next({ ...paysUnheard, push: { delayMs: 500 } });
      const push = deployment.aPush();
      const pushing = instance.push(push);
      await until(() => deployment.promptsOf(push).length === 1);
      expect(await instance.terminate()).toBe(0);
      expect(await pushing).toMatchObject({ status: 'pending' });
      await deployment.settled();
      expect(other.isRunning).toBe(true);
      expect(await deployment.database.query('SELECT status FROM mpesa_attempt')).toEqual([
        { status: 'completed' },
      ]);
      expect(await brokenInvariants(deployment)).toEqual([]);
    }),
    120_000,
  );
});
