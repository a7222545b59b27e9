import { describeWith } from '../support/services.js';
import { until } from '../support/until.js';
import { onDeployment } from './support/deployment.js';
import { brokenInvariants } from './support/invariants.js';

describeWith('postgres', 'an instance that is frozen, and wakes up', () => {
  // Mostly they wait: at the same time, then.
  it.concurrent(
    'does not prompt for an order that was given up and asked for again',
    onDeployment(async (deployment) => {
      const { database, emulator } = deployment;
      const [frozen, awake] = [await deployment.start(), await deployment.start()];
      const push = deployment.aPush();
      await frozen.arm('push.claimed', { action: 'freeze' });
      const late = frozen.push(push);
      await until(
        async () => (await database.count(`FROM mpesa_attempt WHERE status = 'expired'`)) === 1,
        60_000,
      );
      emulator.next('paid');
      const again = deployment.aPush({ orderId: push.orderId });
      await awake.push(again);
      await emulator.idle();
      frozen.wake();
      await late.catch(() => undefined);
      await deployment.settled();
      expect(deployment.pushesReceived()).toEqual([again.accountReference]);
      expect(await brokenInvariants(deployment)).toEqual([]);
    }),
    120_000,
  );

  it.concurrent(
    'has no say in a delivery that another one has taken over',
    onDeployment(async (deployment) => {
      const { database, emulator } = deployment;
      const frozen = await deployment.start();
      // Long enough for the other handler to be done: a transaction that is frozen holds its locks.
      await frozen.push(deployment.aPush({ metadata: { takesMs: 500 } }));
      await until(async () => (await database.count('FROM handled')) === 1);
      await until(
        async () => (await database.count('FROM mpesa_delivery WHERE due_at IS NOT NULL')) === 0,
      );
      await frozen.arm('handler.done', { action: 'freeze' });
      const [prompt] = [...emulator.prompts.keys()];
      emulator.approve(prompt!);
      await until(async () => (await database.count('FROM handled')) === 2);
      await deployment.start();
      await deployment.settled();
      const before = await database.query(
        'SELECT * FROM mpesa_delivery ORDER BY event_seq, handler',
      );
      frozen.wake();
      await until(() => frozen.output.includes('lost its lease'));
      const after = await database.query(
        'SELECT * FROM mpesa_delivery ORDER BY event_seq, handler',
      );
      expect(after).toEqual(before);
      expect(await brokenInvariants(deployment)).toEqual([]);
    }),
    120_000,
  );
});
