import type { EmulatorRequest } from '../../../../lib/testing/emulator/emulator-request.js';
import { closeStages, setStage } from './support.js';

afterEach(closeStages);

const CALLBACK_URL = 'http://127.0.0.1:9/cb';

const withoutHost = ({ headers, ...request }: EmulatorRequest) => ({
  ...request,
  headers: { ...headers, host: '' },
});

/** A day of pushes of all kinds, with delays to draw; returns everything that can be seen of it. */
const day = async (seed: number) => {
  const { client, clock, emulator } = await setStage({
    seed,
    deliver: () => Promise.resolve({ status: 200 }),
  });
  const answers: string[] = [];
  for (let push = 0; push < 5; push += 1) {
    emulator.next({ customer: { resultCode: 0, afterMs: [1, 90_000] }, callbacks: [{}, {}] });
    const answer = await client.push({ CallBackURL: CALLBACK_URL, Amount: push + 1 });
    answers.push(answer.text);
    clock.advance(100_000);
    await emulator.idle();
  }
  await client.authorize();
  return {
    answers,
    tokens: client.token,
    prompts: [...emulator.prompts.values()],
    received: emulator.received.map(withoutHost),
    deliveries: [...emulator.deliveries],
  };
};

it('is the same for the same seed and clock', async () => {
  const [first, second] = [await day(42), await day(42)];

  expect(first.deliveries).toHaveLength(10);
  expect(second).toEqual(first);
});

it('has other ids, receipts and delays for another seed', async () => {
  const [first, second] = [await day(42), await day(43)];

  const receipts = ({ prompts }: typeof first) => prompts.map(({ receipt }) => receipt);
  const times = ({ deliveries }: typeof first) => deliveries.map(({ at }) => at);
  expect(second.tokens).not.toBe(first.tokens);
  expect(receipts(second)).not.toEqual(receipts(first));
  expect(times(second)).not.toEqual(times(first));
});

it('draws a seed where none is given, and says which', async () => {
  const { emulator } = await setStage({ seed: undefined });

  expect(Number.isSafeInteger(emulator.seed)).toBe(true);
});

it('keeps every request with its body, and no secret of the Authorization header', async () => {
  const { client, emulator } = await setStage();
  await client.push({ Amount: 3 });
  await client.post('/nowhere?a=1', 'no json');

  const [oauth, push, nowhere] = emulator.received;

  expect(emulator.received).toHaveLength(3);
  expect(oauth).toMatchObject({
    at: Date.parse('2026-10-02T15:04:05.678Z'),
    method: 'GET',
    path: '/oauth/v1/generate',
    query: { grant_type: 'client_credentials' },
    headers: { authorization: 'Basic ***' },
    body: null,
  });
  expect(push).toMatchObject({
    method: 'POST',
    path: '/mpesa/stkpush/v1/processrequest',
    headers: { authorization: 'Bearer ***', 'content-type': 'application/json' },
    body: { Amount: 3, BusinessShortCode: '174379', Password: expect.any(String) },
  });
  expect(nowhere).toMatchObject({ path: '/nowhere', query: { a: '1' }, body: 'no json' });
  expect(JSON.stringify(emulator.received)).not.toContain(client.token);
});
