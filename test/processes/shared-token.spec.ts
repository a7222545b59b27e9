import { describeWith, locate, type Service } from '../support/services.js';
import { onDeployment, type Deployment, type DeploymentOptions } from './support/deployment.js';
import { limit } from './support/limit.js';

const INSTANCES = 4;
const PUSHES = 1_000;
const AT_ONCE = 100;

/** What is counted is requests; how fast this machine answers them is not the question. In ms. */
const PATIENT = {
  connectTimeoutMs: 30_000,
  headersTimeoutMs: 60_000,
  bodyTimeoutMs: 60_000,
  totalTimeoutMs: 90_000,
};

const tokenRequests = ({ emulator }: Deployment) =>
  emulator.received.filter(({ path }) => path.includes('/oauth/')).length;

const SHARED_BY: [Service, () => DeploymentOptions][] = [
  ['postgres', () => ({})],
  ['redis', () => ({ redis: Number(new URL(locate('redis')).port || 6379) })],
];

describeWith('postgres', `${INSTANCES} instances with one consumer key`, () => {
  for (const [service, options] of SHARED_BY) {
    describeWith(service, `share it in ${service}`, () => {
      it(
        'ask for one token, and lose no push, all cold at once',
        // Not before the suite runs: where the service is not, this fails by name.
        () => onDeployment(askForOneToken, { ...options(), mpesa: { http: PATIENT } })(),
        300_000,
      );
    });
  }
});

async function askForOneToken(deployment: Deployment): Promise<void> {
  const instances = await Promise.all(
    Array.from({ length: INSTANCES }, () => deployment.start({ handlers: false })),
  );
  deployment.emulator.on({ amount: 100 }, { customer: 'waits', callbacks: [] });
  // As many as wait for a token together; more of them would only wait for the database.
  const someAtATime = limit(AT_ONCE);
  const push = (i: number) => instances[i % INSTANCES]!.push(deployment.aPush());
  const attempts = await Promise.all(
    Array.from({ length: PUSHES }, (_, i) => someAtATime(() => push(i))),
  );
  expect(new Set(attempts.map(({ id }) => id)).size).toBe(PUSHES);
  expect(attempts.filter(({ status }) => status !== 'pending')).toEqual([]);
  expect(deployment.emulator.prompts.size).toBe(PUSHES);
  expect(tokenRequests(deployment)).toBe(1);

  // Voided: of all who find out, one asks for the next.
  deployment.emulator.revokeTokens();
  await Promise.all(instances.map((_, i) => push(i)));
  expect(deployment.emulator.prompts.size).toBe(PUSHES + INSTANCES);
  expect(tokenRequests(deployment)).toBe(2);
}
