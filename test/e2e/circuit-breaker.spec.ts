import { AttemptStore, DarajaUnavailableError } from '../../lib/index.js';
import { aPush, testingApp } from '../support/testing-app.js';

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

async function setUp() {
  const app = await testingApp({
    emulator: { promptLifetimeMs: 3_600_000 },
    reconciliation: { firstAfterMs: 5_000, minIntervalMs: 1_000 },
  });
  opened.push(app);
  const { emulator } = app.mpesa;
  let phones = 0;
  return {
    ...app,
    emulator,
    push: () => {
      phones += 1;
      return app.stk.push(aPush({ phoneNumber: `0712${String(phones).padStart(6, '0')}` }));
    },
    calls: (path: string) => emulator.received.filter((call) => call.path.includes(path)).length,
  };
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => new Error('It did not fail'),
    (error: unknown) => error,
  );

describe('an endpoint that fails', () => {
  it('is sent no more pushes: they are rejected as not sent, and the order is free', async () => {
    const { push, stk, emulator, mpesa, calls, ledger } = await setUp();
    for (let failed = 0; failed < 10; failed += 1) {
      emulator.next('html-503');
      expect(await push()).toMatchObject({ status: 'uncertain' });
    }
    const error = (await failureOf(push())) as DarajaUnavailableError;
    expect(error).toBeInstanceOf(DarajaUnavailableError);
    expect(error).toMatchObject({ retryable: true, retryAfterMs: 15_000, outcome: 'not-sent' });
    const { id, orderId } = error.attempt!;
    expect(await stk.find(id)).toMatchObject({ status: 'rejected', promptedAt: null });
    await mpesa.settleAll();
    expect(ledger.of(id)).toEqual(['rejected']);
    expect(calls('processrequest')).toBe(10);

    // One tries whether it is back; what comes at the same time is not sent.
    await mpesa.clock.advance(15_000);
    const [tried, other] = await Promise.all([
      stk.push(aPush({ orderId: orderId! })),
      failureOf(push()),
    ]);
    expect(tried).toMatchObject({ status: 'pending' });
    expect(other).toBeInstanceOf(DarajaUnavailableError);
    expect(await push()).toMatchObject({ status: 'pending' });
    expect(calls('processrequest')).toBe(12);
  });

  it('is not asked for tokens either', async () => {
    const { push, emulator, calls } = await setUp();
    emulator.nextToken(...Array.from({ length: 10 }, (): 'html-503' => 'html-503'));
    for (let failed = 0; failed < 10; failed += 1) await failureOf(push());
    expect(await failureOf(push())).toMatchObject({ retryAfterMs: 15_000, outcome: 'not-sent' });
    expect(calls('oauth')).toBe(10);
  });

  it('is queried no more, by hand or by schedule, and that is no look', async () => {
    const { app, push, stk, emulator, mpesa, calls } = await setUp();
    emulator.next({ query: { pending: ['html-503'] } });
    const { id, checkoutRequestId } = await push();
    const query = () => stk.query({ checkoutRequestId: checkoutRequestId! });
    for (let failed = 0; failed < 10; failed += 1) await query();
    expect(await failureOf(query())).toMatchObject({
      code: 'DARAJA_UNAVAILABLE',
      retryAfterMs: 15_000,
    });

    const looks = async () => (await app.get(AttemptStore, { strict: false }).find(id))?.looks;
    await mpesa.clock.advance(14_000);
    expect([calls('stkpushquery'), await looks()]).toEqual([10, 0]);
    await mpesa.clock.advance(5_000);
    expect([calls('stkpushquery'), await looks()]).toEqual([11, 1]);
  });
});
