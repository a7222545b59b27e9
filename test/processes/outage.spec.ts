import { describeWith } from '../support/services.js';
import { until } from '../support/until.js';
import { Deployment, onDeployment } from './support/deployment.js';
import type { Instance, InstanceError } from './support/instance.js';
import { brokenInvariants } from './support/invariants.js';
import { TcpProxy } from './support/tcp-proxy.js';

interface Scene {
  deployment: Deployment;
  instance: Instance;
  /** Between the instance and the database. */
  proxy: TcpProxy;
}

/** A story on an instance whose database can go away, as the function of a test. */
const behindProxy = (story: (scene: Scene) => Promise<void>) => async (): Promise<void> => {
  let proxy: TcpProxy | undefined;
  const deployment = await Deployment.create({
    databasePort: ({ options: { host, port } }) => {
      proxy = new TcpProxy({ host, port });
      return proxy.listen();
    },
  });
  try {
    await story({ deployment, instance: await deployment.start(), proxy: proxy! });
  } finally {
    await deployment.close();
    await proxy?.close();
  }
};

/** An order is asked for until that succeeds, as a shop does. */
async function pushUntilTaken({ deployment, instance }: Omit<Scene, 'proxy'>): Promise<void> {
  const push = deployment.aPush();
  await until(
    () =>
      instance.push(push).then(
        () => true,
        (error: unknown) => (error as InstanceError).code !== 'STK_STORE_UNAVAILABLE',
      ),
    60_000,
  );
}

/** Daraja is asked about what is still open, as the callbacks of the outage are lost. */
async function reconcileAll({ deployment, instance }: Scene): Promise<void> {
  const open = await deployment.database.query<{ id: string }>(
    `SELECT id FROM mpesa_attempt WHERE status IN ('pending', 'uncertain')`,
  );
  for (const { id } of open) await instance.reconcile(id);
}

const completed = ({ database }: Deployment) =>
  database.count(`FROM mpesa_attempt WHERE status = 'completed'`);

const nothingSent = (outage: 'refuse' | 'hang') =>
  behindProxy(async (scene) => {
    const { deployment, instance, proxy } = scene;
    const { emulator } = deployment;
    const [before, during] = [deployment.aPush(), deployment.aPush()];
    await instance.push(before);
    await instance.push(during);
    proxy[outage]();

    emulator.approve(deployment.promptsOf(during)[0]!.id);
    await emulator.idle();
    expect(emulator.deliveries).toMatchObject([{ state: 'answered', status: 503 }]);
    const refused = deployment.aPush();
    await expect(instance.push(refused)).rejects.toMatchObject({ code: 'STK_STORE_UNAVAILABLE' });
    expect(deployment.pushesReceived()).toHaveLength(2);

    proxy.restore();
    emulator.next('paid');
    await pushUntilTaken(scene);
    emulator.approve(deployment.promptsOf(before)[0]!.id);
    await emulator.idle();
    expect(emulator.deliveries.slice(1)).toMatchObject([{ status: 200 }, { status: 200 }]);
    await reconcileAll(scene);
    await deployment.settled();
    expect(await completed(deployment)).toBe(3);
    expect(await brokenInvariants(deployment)).toEqual([]);
    expect(instance.isRunning).toBe(true);
  });

const againAndAgain = behindProxy(async (scene) => {
  const { deployment, instance, proxy } = scene;
  const { emulator } = deployment;
  console.info(`Seed of the emulator: ${emulator.seed}`);
  emulator.on({ amount: 100 }, { customer: { resultCode: 0, afterMs: [0, 300] } });
  let isOver = false;
  const notKept = () => emulator.deliveries.filter(({ status }) => status === 503).length;
  const weather = async () => {
    for (const outage of ['refuse', 'hang', 'refuse', 'hang'] as const) {
      const [taken, lost] = [emulator.prompts.size, notKept()];
      await until(() => emulator.prompts.size > taken + 5, 30_000);
      proxy[outage]();
      // A customer may have been asked who answers now; else there is nothing to lose.
      await until(() => notKept() > lost, 5_000).catch(() => undefined);
      proxy.restore();
    }
    isOver = true;
  };
  const shop = async () => {
    while (!isOver) await pushUntilTaken(scene);
  };
  await Promise.all([weather(), shop(), shop(), shop(), shop()]);
  await emulator.idle();
  await reconcileAll(scene);
  await deployment.settled();
  expect(await brokenInvariants(deployment)).toEqual([]);
  expect(await completed(deployment)).toBeGreaterThan(10);
  expect(instance.isRunning).toBe(true);
});

/** Of the one table nobody can read an attempt; of the other nobody can tell of an event. */
const lockedOut = (table: 'mpesa_attempt' | 'mpesa_event') =>
  onDeployment(async (deployment) => {
    const { database, emulator } = deployment;
    const instance = await deployment.start();
    const first = deployment.aPush();
    const { id } = await instance.push(first);
    const unlock = await database.lock(table);
    emulator.approve(deployment.promptsOf(first)[0]!.id);
    const pushes = Array.from({ length: 30 }, () => instance.push(deployment.aPush()));
    const outcomes = await Promise.allSettled(pushes);
    await emulator.idle();
    expect(emulator.deliveries).toMatchObject([{ status: 503 }]);
    if (table === 'mpesa_attempt') {
      const refused = { reason: { code: 'STK_STORE_UNAVAILABLE' } };
      expect(outcomes).toMatchObject(outcomes.map(() => refused));
      expect(deployment.pushesReceived()).toEqual([first.accountReference]);
    }
    await unlock();
    emulator.next('paid');
    await instance.push(deployment.aPush());
    await instance.reconcile(id);
    await deployment.settled();
    expect(await completed(deployment)).toBe(2);
    expect(await brokenInvariants(deployment)).toEqual([]);
  });

/** As after a failover, to a server that is not promoted yet. */
const readOnly = onDeployment(async (deployment) => {
  const { database, emulator } = deployment;
  const instance = await deployment.start();
  const first = deployment.aPush();
  const { id } = await instance.push(first);
  const takeWrites = await database.refuseWrites();
  emulator.approve(deployment.promptsOf(first)[0]!.id);
  await emulator.idle();
  expect(emulator.deliveries).toMatchObject([{ status: 503 }]);
  await expect(instance.push(deployment.aPush())).rejects.toMatchObject({
    code: 'STK_STORE_UNAVAILABLE',
  });
  expect(deployment.pushesReceived()).toEqual([first.accountReference]);

  await takeWrites();
  emulator.next('paid');
  await pushUntilTaken({ deployment, instance });
  await instance.reconcile(id);
  await emulator.idle();
  await deployment.settled();
  expect(await completed(deployment)).toBe(2);
  expect(await brokenInvariants(deployment)).toEqual([]);
  expect(instance.isRunning).toBe(true);
});

describeWith('postgres', 'while the database', () => {
  // Mostly they wait: at the same time, then.
  const test = (name: string, story: () => Promise<void>) => {
    it.concurrent(name, story, 180_000);
  };

  test('refuses, nothing is sent, and nothing is said to be kept', nothingSent('refuse'));
  test('does not answer, nothing is sent, and nothing is said to be kept', nothingSent('hang'));
  test('goes and comes, no order is asked for twice, and no money is lost', againAndAgain);
  test('takes no writes, nothing is sent, and nothing is said to be kept', readOnly);
  test('keeps all connections waiting, nothing is sent', lockedOut('mpesa_attempt'));
  test('lets no event be written, nothing is settled without it', lockedOut('mpesa_event'));
});
