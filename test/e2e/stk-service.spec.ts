import { jest } from '@jest/globals';
import { firstValueFrom, take, toArray } from 'rxjs';
import {
  StkIdempotencyError,
  StkInvalidInputError,
  StkOrderBusyError,
  StkOrderPaidError,
  StkRejectedError,
  StkWaitTimeoutError,
  type StkAttempt,
} from '../../lib/index.js';
import { AttemptStore } from '../../lib/attempts/attempt-store.js';
import { aPush, testingApp } from '../support/testing-app.js';

type App = Awaited<ReturnType<typeof testingApp>>;

let app: App;
const start = async (options?: Parameters<typeof testingApp>[0]) =>
  (app = await testingApp(options));
afterEach(() => app.close());

const pushes = () =>
  app.mpesa.emulator.received.filter(({ path }) => path.includes('processrequest'));
const tokens = () => app.mpesa.emulator.received.filter(({ path }) => path.includes('oauth'));

describe('push', () => {
  it('asks the phone once, with the fields and types of the wire', async () => {
    const { stk } = await start();
    const attempt = await stk.push(aPush({ metadata: { cart: 7 } }));
    expect(attempt).toMatchObject({
      status: 'pending',
      phoneNumber: '254712345678',
      amount: 100,
      account: 'default',
      metadata: { cart: 7 },
      receipt: null,
    });
    expect(pushes()).toHaveLength(1);
    expect(pushes()[0]?.body).toMatchObject({
      BusinessShortCode: '174379',
      TransactionType: 'CustomerPayBillOnline',
      Amount: 100,
      PartyA: '254712345678',
      PartyB: '174379',
      PhoneNumber: '254712345678',
      AccountReference: 'INV-001',
      TransactionDesc: 'Subscription',
      CallBackURL: expect.stringMatching(
        /^https:\/\/shop\.example\/stk\/callback\/[\w-]{43}$/,
      ) as unknown,
    });
  });

  it('claims the send by the commit that stores the attempt, once a token is at hand', async () => {
    const { stk, app: application } = await start();
    const store = application.get(AttemptStore, { strict: false });
    const versions = [];
    for (let n = 0; n < 2; n += 1) {
      const { id } = await stk.push(aPush({ phoneNumber: `071234567${n}` }));
      versions.push((await store.find(id))?.version);
    }
    expect(versions).toEqual([3, 2]);
    expect(tokens()).toHaveLength(1);
  });

  it('pays a till through its store number', async () => {
    const credentials = {
      consumerKey: 'k',
      consumerSecret: 's',
      shortCode: '600000',
      passKey: 'p',
      tillNumber: '700001',
    };
    const { stk, mpesa } = await start({ ...credentials, emulator: { credentials } });
    const attempt = await stk.push(aPush());
    expect(pushes()[0]?.body).toMatchObject({
      BusinessShortCode: '600000',
      PartyB: '700001',
      TransactionType: 'CustomerBuyGoodsOnline',
    });
    await mpesa.approve(attempt);
    expect(await stk.find(attempt.id)).toMatchObject({ status: 'completed' });
  });

  it('stores and sends nothing where the input is wrong', async () => {
    const { stk } = await start();
    const error = await stk
      .push(aPush({ phoneNumber: '0202345678', amount: 10.5, orderId: 'wrong' }))
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StkInvalidInputError);
    expect((error as StkInvalidInputError).errors.map(({ field }) => field)).toEqual([
      'phoneNumber',
      'amount',
    ]);
    expect(app.mpesa.emulator.received).toEqual([]);
    expect(await stk.findByOrder('wrong')).toEqual([]);
  });

  it('gives 1,000 cold pushes one token between them', async () => {
    const patience = 120_000;
    const { stk } = await start({
      http: {
        connectTimeoutMs: patience,
        headersTimeoutMs: patience,
        bodyTimeoutMs: patience,
        totalTimeoutMs: patience,
      },
    });
    const attempts = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) =>
        stk.push(aPush({ phoneNumber: `2547${String(i).padStart(8, '0')}` })),
      ),
    );
    expect(new Set(attempts.map(({ status }) => status))).toEqual(new Set(['pending']));
    expect(tokens()).toHaveLength(1);
    expect(pushes()).toHaveLength(1_000);
  }, 120_000);

  it('tells the caller of a refusal, with the attempt', async () => {
    const { stk, mpesa } = await start();
    mpesa.emulator.next('subscriber-locked');
    const error = await stk.push(aPush()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StkRejectedError);
    expect(error).toMatchObject({
      errorCode: '500.001.1001',
      retryable: true,
      retryAfterMs: 60_000,
      attempt: { status: 'rejected' },
    });
  });

  it('is not sent, and says so, where there is no token', async () => {
    const { stk } = await start({ consumerSecret: 'wrong' });
    const input = aPush();
    await expect(stk.push(input)).rejects.toMatchObject({
      code: 'DARAJA_AUTH',
      attempt: { status: 'rejected', orderId: input.orderId },
    });
    expect(pushes()).toEqual([]);
  });
});

describe('one order', () => {
  it('has one live prompt, however often it is asked for at once', async () => {
    const { stk } = await start();
    const input = aPush();
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => stk.push(input)));
    const sent = results.filter(({ status }) => status === 'fulfilled');
    const busy = results.filter(
      (result) => result.status === 'rejected' && result.reason instanceof StkOrderBusyError,
    );
    expect([sent.length, busy.length]).toEqual([1, 199]);
    expect(pushes()).toHaveLength(1);
  });

  it('can be asked for again after a failure, and not after a payment', async () => {
    const { stk, mpesa } = await start();
    const input = aPush();
    await mpesa.cancel(await stk.push(input));
    const second = await stk.push(input);
    expect(second.status).toBe('pending');
    await mpesa.approve(second);
    const error = await stk.push(input).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StkOrderPaidError);
    expect(error).toMatchObject({ code: 'STK_ORDER_PAID', attempt: { id: second.id } });
    const statuses = (await stk.findByOrder(input.orderId as string)).map(({ status }) => status);
    expect(statuses).toEqual(['failed', 'completed']);
  });

  it('told once that it is paid, whoever pays twice', async () => {
    const { stk, mpesa, ledger } = await start();
    const input = aPush();
    // The first prompt is paid after six minutes: by then the second one is paid, too.
    mpesa.emulator.next('late-callback');
    const first = await stk.push(input);
    await mpesa.clock.advance(301_000);
    await stk.reconcile(first.id);
    expect(await stk.find(first.id)).toMatchObject({ status: 'completed', confirmedBy: 'query' });
    await mpesa.clock.advance(60_000);
    await mpesa.settleAll();
    expect(ledger.of(first.id)).toEqual(['prompted', 'completed', 'receipt-received']);
  });
});

describe('an idempotency key', () => {
  it('brings the same attempt again, and sends nothing', async () => {
    const { stk, mpesa } = await start();
    const input = { ...aPush(), idempotencyKey: 'key-1' };
    const first = await stk.push(input);
    await mpesa.approve(first);
    const replay = await stk.push({ ...input, phoneNumber: '+254 712 345 678' });
    expect(replay).toMatchObject({ id: first.id, status: 'completed' });
    expect(pushes()).toHaveLength(1);
  });

  it('is refused with another input', async () => {
    const { stk } = await start();
    const input = { ...aPush(), idempotencyKey: 'key-1' };
    const first = await stk.push(input);
    const error = await stk.push({ ...input, amount: 101 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StkIdempotencyError);
    expect(error).toMatchObject({ attempt: { id: first.id } });
  });

  it('is given back by a rejected attempt, and by no other', async () => {
    const { stk, mpesa } = await start();
    const input = { ...aPush({ orderId: undefined }), idempotencyKey: 'key-1' };
    mpesa.emulator.next('merchant-does-not-exist');
    await expect(stk.push(input)).rejects.toBeInstanceOf(StkRejectedError);
    const second = await stk.push(input);
    await mpesa.cancel(second);
    expect(await stk.push(input)).toMatchObject({ id: second.id, status: 'failed' });
    expect(pushes()).toHaveLength(2);
  });
});

describe('reading', () => {
  it('finds attempts by each of their names', async () => {
    const { stk, mpesa } = await start();
    const attempt = await stk.push(aPush());
    await mpesa.approve(attempt);
    const found = (await stk.find(attempt.id)) as StkAttempt;
    expect(found.receipt).toMatch(/^[A-Z0-9]{10}$/);
    expect(await stk.findByCheckoutRequestId(found.checkoutRequestId as string)).toEqual(found);
    expect(await stk.findByReceipt(found.receipt as string)).toEqual(found);
    expect(await stk.findByOrder(found.orderId as string)).toEqual([found]);
    expect(await stk.find('nobody')).toBeNull();
    expect(await stk.findByReceipt('nothing')).toBeNull();
  });

  it('waits for the outcome', async () => {
    const { stk, mpesa } = await start();
    const attempt = await stk.push(aPush());
    const waiting = stk.waitFor(attempt.id);
    await mpesa.cancel(attempt);
    expect(await waiting).toMatchObject({ status: 'failed', reason: 'cancelled' });
    expect(await stk.waitFor(attempt.id)).toMatchObject({ status: 'failed' });
  });

  it('stops waiting in time, and when it is told to', async () => {
    const { stk, mpesa } = await start();
    const attempt = await stk.push(aPush());
    const timed = stk.waitFor(attempt.id, { timeoutMs: 5_000 }).catch((error: unknown) => error);
    await mpesa.clock.advance(5_000);
    expect(await timed).toBeInstanceOf(StkWaitTimeoutError);
    expect(await timed).toMatchObject({ attempt: { id: attempt.id, status: 'pending' } });

    const controller = new AbortController();
    const aborted = stk.waitFor(attempt.id, { signal: controller.signal });
    controller.abort(new Error('the user left'));
    await expect(aborted).rejects.toThrow('the user left');
    await expect(stk.waitFor('nobody')).rejects.toBeInstanceOf(StkInvalidInputError);
  });

  it('shows each change', async () => {
    const { stk, mpesa } = await start();
    const attempt = await stk.push(aPush());
    const seen = firstValueFrom(stk.watch(attempt.id).pipe(take(2), toArray()));
    await mpesa.approve(attempt);
    expect((await seen).map(({ status }) => status)).toEqual(['pending', 'completed']);
  });

  it('sees what another process changed, within a second', async () => {
    const { stk, mpesa } = await start();
    const attempt = await stk.push(aPush());
    const seen = firstValueFrom(stk.watch(attempt.id).pipe(take(2), toArray()));
    // Only the news of the commit is missing here: the look at the store must find it.
    const { AttemptStore } = await import('../../lib/index.js');
    const store = app.app.get(AttemptStore, { strict: false });
    const silent = jest.spyOn(
      store.commits as { next(id: string): void } & typeof store.commits,
      'next',
    );
    silent.mockImplementation(() => undefined);
    await mpesa.cancel(attempt);
    await mpesa.clock.advance(1_000);
    expect((await seen).map(({ status }) => status)).toEqual(['pending', 'failed']);
  });
});

describe('asking Daraja', () => {
  it('tells pending from paid and failed, and changes nothing', async () => {
    const { stk, mpesa } = await start();
    const attempt = await stk.push(aPush());
    const checkoutRequestId = attempt.checkoutRequestId as string;
    expect(await stk.query({ checkoutRequestId })).toMatchObject({ status: 'pending' });
    await mpesa.lose(attempt);
    expect(await stk.query({ checkoutRequestId })).toMatchObject({
      status: 'completed',
      resultCode: '0',
      reason: null,
    });
    expect(await stk.find(attempt.id)).toMatchObject({ status: 'pending' });
    expect(await stk.reconcile(attempt.id)).toMatchObject({
      status: 'completed',
      confirmedBy: 'query',
      receipt: null,
    });
  });

  it('is throttled only where Daraja says so', async () => {
    const { stk, mpesa } = await start();
    mpesa.emulator.next('query-throttled');
    const attempt = await stk.push(aPush());
    const request = { checkoutRequestId: attempt.checkoutRequestId as string };
    await expect(stk.query(request)).rejects.toMatchObject({ code: 'DARAJA_THROTTLED' });
  });
});

it('masks the phone number wherever an attempt is shown', async () => {
  const { stk } = await start();
  const attempt = await stk.push(aPush());
  const { inspect } = await import('node:util');
  for (const shown of [JSON.stringify(attempt), inspect(attempt), inspect([attempt])]) {
    expect(shown).not.toContain('712345678');
    expect(shown).toContain('2547*****678');
  }
});
