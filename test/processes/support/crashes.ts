import type { StkPushInput } from '../../../lib/index.js';
import { until } from '../../support/until.js';
import type { Deployment, DeploymentOptions } from './deployment.js';
import { type Instance, InstanceEndedError } from './instance.js';

interface Scene {
  deployment: Deployment;
  instance: Instance;
  push: StkPushInput;
}

/** One place at which an instance is killed, and what is true in the end. */
export interface Crash {
  when: string;
  then: string;
  /** Ends with the instance killed. */
  upToTheCrash: (scene: Scene) => Promise<void>;
  /** With the next instance. */
  afterwards?: (scene: Scene) => Promise<void>;
  push?: Partial<StkPushInput>;
  options?: DeploymentOptions;
  expected: {
    prompts: number;
    /** The status of each attempt of the order. */
    attempts: string[];
    /** Events of it that a handler has been through, in order. */
    handled: string[];
  };
}

/** It comes to this point while it pushes. */
const whilePushing =
  (point: string) =>
  async ({ instance, push }: Scene): Promise<void> => {
    await instance.arm(point);
    await expect(instance.push(push)).rejects.toThrow(InstanceEndedError);
  };

/** The customer has paid, the callback is lost, and it comes to this point while it asks Daraja. */
const whileAsking =
  (point: string) =>
  async (scene: Scene): Promise<void> => {
    const { instance } = scene;
    await paidUnheard(scene);
    await instance.arm(point);
    await expect(reconcile(scene)).rejects.toThrow(InstanceEndedError);
  };

async function paidUnheard({ deployment, instance, push }: Scene): Promise<void> {
  // The first query after that is never answered.
  const query = { settled: ['no-answer', 'final'] } as const;
  deployment.emulator.next({
    customer: { resultCode: 0 },
    callbacks: [],
    ...(push.metadata?.unanswered && { query }),
  });
  await instance.push(push);
  await deployment.emulator.idle();
  await promptIsTold(deployment);
}

/** What comes before is over and done with: a handler that dies in the middle of it is another story. */
async function promptIsTold(deployment: Deployment): Promise<void> {
  await until(async () => (await deployment.database.count('FROM handled')) === 1);
  await until(() => nothingOpen(deployment));
}

/** It comes to this point while it takes in that the customer has paid, or tells its handlers. */
const oncePaid =
  (point: string) =>
  async (scene: Scene): Promise<void> => {
    const { instance, push, deployment } = scene;
    await instance.push(push);
    await promptIsTold(deployment);
    await instance.arm(point);
    await approve(scene);
    await instance.ended;
  };

async function approve({ deployment, push }: Scene): Promise<void> {
  const [prompt] = deployment.promptsOf(push);
  if (!prompt) throw new Error('The customer was not asked');
  deployment.emulator.approve(prompt.id);
  await deployment.emulator.idle();
}

/** Of the callback that was lost with the instance there is no second; Daraja can be asked. */
async function reconcile({ deployment, instance }: Scene): Promise<void> {
  const [attempt] = await deployment.database.query<{ id: string }>('SELECT id FROM mpesa_attempt');
  await instance.reconcile(attempt?.id ?? '');
}

/** Kept from writing an event, it dies; the statement that it sent is still there to be done. */
async function whileWriting({ deployment, instance }: Scene, what: () => Promise<unknown>) {
  const { database } = deployment;
  const unlock = await database.lock('mpesa_event', 'SHARE');
  try {
    const done = what();
    await until(async () => (await database.waiting()) > 0);
    await instance.kill();
    await done;
  } finally {
    await unlock();
  }
}

async function whileWritingCallback(scene: Scene): Promise<void> {
  const { deployment, instance, push } = scene;
  await instance.push(push);
  await promptIsTold(deployment);
  await whileWriting(scene, () => approve(scene));
  expect(deployment.emulator.deliveries.map(({ status }) => status)).not.toContain(200);
}

const nothingOpen = async ({ database }: Deployment): Promise<boolean> =>
  (await database.count('FROM mpesa_delivery WHERE due_at IS NOT NULL')) === 0;

/** The prompt is out, the instance did not live to write it down, and the customer pays. */
const paidWithoutOurKnowing = {
  then: 'the callback brings what was lost',
  afterwards: approve,
  expected: { prompts: 1, attempts: ['completed'], handled: ['outcome-unknown', 'completed'] },
};

const paidOnce = { prompts: 1, attempts: ['completed'], handled: ['prompted', 'completed'] };

export const CRASHES: readonly Crash[] = [
  {
    when: 'before an attempt is stored',
    then: 'nothing has happened',
    upToTheCrash: whilePushing('push.before'),
    expected: { prompts: 0, attempts: [], handled: [] },
  },
  {
    when: 'once the attempt is stored',
    then: 'it is rejected as not sent, and the order is free',
    upToTheCrash: whilePushing('push.opened'),
    afterwards: async ({ deployment }) => {
      await deployment.settled();
      const held = await deployment.database.count(
        'FROM mpesa_attempt WHERE order_slot IS NOT NULL',
      );
      expect(held).toBe(0);
    },
    expected: { prompts: 0, attempts: ['rejected'], handled: ['rejected'] },
  },
  {
    when: 'once the attempt is stored, and claimed by the same commit',
    then: 'nobody is asked, and it expires',
    upToTheCrash: async (scene) => {
      const { deployment, instance } = scene;
      // Another order's push, by which a token is at hand.
      await instance.push(deployment.aPush());
      await whilePushing('push.opened')(scene);
    },
    expected: { prompts: 0, attempts: ['expired'], handled: ['outcome-unknown', 'expired'] },
  },
  {
    when: 'once the send is claimed',
    then: 'nobody is asked, and it expires',
    upToTheCrash: whilePushing('push.claimed'),
    expected: { prompts: 0, attempts: ['expired'], handled: ['outcome-unknown', 'expired'] },
  },
  {
    ...paidWithoutOurKnowing,
    when: 'while Daraja holds the push',
    upToTheCrash: async ({ deployment, instance, push }) => {
      deployment.emulator.next({ push: { delayMs: 1_000 } });
      const pushing = expect(instance.push(push)).rejects.toThrow(InstanceEndedError);
      await until(() => deployment.promptsOf(push).length === 1);
      await instance.kill();
      await pushing;
    },
  },
  {
    ...paidWithoutOurKnowing,
    when: 'once Daraja has answered',
    upToTheCrash: whilePushing('push.answered'),
  },
  {
    ...paidWithoutOurKnowing,
    when: "before Daraja's answer is settled",
    upToTheCrash: whilePushing('settle.before'),
  },
  {
    when: "while Daraja's answer is being written",
    then: 'the database writes what it was sent, and it goes on as it would have',
    upToTheCrash: (scene) =>
      whileWriting(scene, () =>
        expect(scene.instance.push(scene.push)).rejects.toThrow(InstanceEndedError),
      ),
    afterwards: approve,
    expected: paidOnce,
  },
  {
    when: "once Daraja's answer is committed",
    then: 'it goes on as it would have',
    upToTheCrash: whilePushing('settle.committed'),
    afterwards: approve,
    expected: paidOnce,
  },
  {
    when: 'as the callback comes',
    then: 'Daraja is told of no success, and says what became of it when asked',
    upToTheCrash: oncePaid('settle.before'),
    afterwards: reconcile,
    expected: paidOnce,
  },
  {
    when: 'while the callback is being written',
    then: 'it is written or not, and Daraja says what became of it when asked',
    upToTheCrash: whileWritingCallback,
    afterwards: reconcile,
    expected: paidOnce,
  },
  {
    when: 'before Daraja is asked what became of it',
    then: 'the next instance asks',
    upToTheCrash: whileAsking('query.before'),
    afterwards: reconcile,
    expected: paidOnce,
  },
  {
    when: 'while Daraja holds its answer to that',
    then: 'the next instance asks again',
    push: { metadata: { unanswered: true } },
    upToTheCrash: async (scene) => {
      const { deployment, instance } = scene;
      await paidUnheard(scene);
      const asking = expect(reconcile(scene)).rejects.toThrow(InstanceEndedError);
      const isQuery = ({ path }: { path: string }) => path.endsWith('/query');
      await until(() => deployment.emulator.received.some(isQuery));
      await instance.kill();
      await asking;
    },
    afterwards: reconcile,
    expected: paidOnce,
  },
  {
    when: 'once Daraja has said what became of it',
    then: 'the next instance asks again, and it is told once',
    upToTheCrash: whileAsking('query.answered'),
    afterwards: reconcile,
    expected: paidOnce,
  },
  {
    when: 'while what Daraja said is being written',
    then: 'the database writes what it was sent, and the next instance tells the handlers',
    upToTheCrash: async (scene) => {
      await paidUnheard(scene);
      await whileWriting(scene, () => expect(reconcile(scene)).rejects.toThrow(InstanceEndedError));
    },
    expected: paidOnce,
  },
  {
    when: 'once the callback is committed, before its answer',
    then: 'the next instance tells the handlers',
    upToTheCrash: oncePaid('settle.committed'),
    expected: paidOnce,
  },
  {
    when: 'once the event is claimed',
    then: 'it is delivered when the lease has run out',
    upToTheCrash: oncePaid('events.claimed'),
    expected: paidOnce,
  },
  {
    when: 'while a handler runs',
    then: 'it runs again',
    upToTheCrash: oncePaid('handler.running'),
    expected: paidOnce,
  },
  {
    when: 'once a handler is done, before that is noted',
    then: 'it runs again: at least once',
    upToTheCrash: oncePaid('handler.done'),
    expected: { ...paidOnce, handled: ['prompted', 'completed', 'completed'] },
  },
  {
    when: 'once the effect of runOnce() is written, and not committed',
    then: 'it was rolled back, and happens once',
    push: { metadata: { shipsLast: true } },
    upToTheCrash: oncePaid('effect.written'),
    expected: paidOnce,
  },
];
