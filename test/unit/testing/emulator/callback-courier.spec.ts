import { getMaxListeners } from 'node:events';
import { closeStages, receive, setStage, until } from './support.js';
import type { Receiver } from './support.js';

let other: Receiver | null = null;

afterEach(async () => {
  await closeStages();
  await other?.close();
  other = null;
});

describe('a callback', () => {
  it('looks like one of Daraja', async () => {
    const { client, emulator, receiver } = await setStage();
    emulator.next('paid');

    await client.push();
    await emulator.idle();

    const [prompt] = emulator.prompts.values();
    const [callback] = receiver.callbacks;
    expect(callback!.path).toBe('/stk/callback/secret');
    expect(callback!.headers).toMatchObject({
      'content-type': 'application/json;charset=UTF-8',
      businessshortcode: '174379',
    });
    expect(callback!.headers.authorization).toBeUndefined();
    expect(JSON.parse(callback!.body)).toEqual({
      Body: {
        stkCallback: {
          MerchantRequestID: prompt!.merchantRequestId,
          CheckoutRequestID: prompt!.id,
          ResultCode: 0,
          ResultDesc: 'The service request is processed successfully.',
          CallbackMetadata: {
            Item: [
              { Name: 'Amount', Value: 100 },
              { Name: 'MpesaReceiptNumber', Value: prompt!.receipt },
              { Name: 'TransactionDate', Value: 20261002180405 },
              { Name: 'PhoneNumber', Value: 254708374149 },
            ],
          },
        },
      },
    });
    expect(emulator.deliveries).toEqual([
      {
        checkoutRequestId: prompt!.id,
        url: receiver.url,
        headers: {
          'Content-Type': 'application/json;charset=UTF-8',
          Businessshortcode: '174379',
        },
        body: callback!.body,
        at: Date.parse('2026-10-02T15:04:05.678Z'),
        state: 'answered',
        status: 200,
        error: null,
      },
    ]);
  });

  it.each([500, 503, 302, 404])('is delivered once, though the answer is %i', async (status) => {
    const { client, clock, emulator } = await setStage();
    other = await receive(status);
    emulator.next('paid');

    await client.push({ CallBackURL: other.url });
    await emulator.idle();
    clock.advance(3_600_000);
    await emulator.idle();

    expect(other.callbacks).toHaveLength(1);
    expect(emulator.deliveries).toMatchObject([{ state: 'answered', status }]);
  });

  it('is delivered once, though nobody listens', async () => {
    const { client, clock, emulator } = await setStage();
    const gone = await receive();
    await gone.close();
    emulator.next('paid');

    await client.push({ CallBackURL: gone.url });
    await emulator.idle();
    clock.advance(3_600_000);
    await emulator.idle();

    expect(emulator.deliveries).toMatchObject([
      { state: 'failed', status: null, error: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  it('under way to a receiver that hangs is broken off by close()', async () => {
    const { client, emulator } = await setStage();
    other = await receive(null);
    emulator.next('paid');

    await client.push({ CallBackURL: other.url });
    await until(() => other!.callbacks.length === 1);
    expect(emulator.deliveries).toMatchObject([{ state: 'under-way' }]);
    await emulator.close();

    expect(emulator.deliveries).toMatchObject([
      { state: 'failed', status: null, error: 'The emulator was closed' },
    ]);
  });

  it('can be scripted to lie', async () => {
    const { client, emulator, callbacks } = await setStage();
    const lie = {
      amount: '99.00',
      receipt: 'AAAAAAAAAA',
      merchantRequestId: 'm',
      checkoutRequestId: 'c',
      resultDesc: 'Fine',
    };
    emulator.next({ customer: { resultCode: 0 }, callbacks: [lie] });

    await client.push();
    await emulator.idle();

    expect(callbacks()).toMatchObject([
      {
        MerchantRequestID: 'm',
        CheckoutRequestID: 'c',
        ResultDesc: 'Fine',
        CallbackMetadata: {
          Item: expect.arrayContaining([
            { Name: 'Amount', Value: '99.00' },
            { Name: 'MpesaReceiptNumber', Value: 'AAAAAAAAAA' },
          ]),
        },
      },
    ]);
  });
});

describe('a delivery of the user', () => {
  it('gets the callback, and its status is kept', async () => {
    const got: unknown[] = [];
    const { client, emulator } = await setStage({
      deliver: async ({ url, headers, body }) => {
        got.push({ url, headers, body });
        return { status: 202 };
      },
    });
    emulator.next('cancelled');

    await client.push({ CallBackURL: 'https://shop.example/cb' });
    await emulator.idle();

    expect(got).toEqual([
      {
        url: 'https://shop.example/cb',
        headers: expect.objectContaining({ Businessshortcode: '174379' }),
        body: expect.stringContaining('1032'),
      },
    ]);
    expect(emulator.deliveries).toMatchObject([{ state: 'answered', status: 202 }]);
  });

  it('is one of any number that are broken off by one signal, without a warning of Node', async () => {
    const signals = new Set<AbortSignal>();
    const { client, emulator } = await setStage({
      deliver: ({ signal }) => {
        signals.add(signal);
        return Promise.resolve({ status: 200 });
      },
    });
    emulator.next('duplicated');

    await client.push();
    await emulator.idle();

    expect([...signals].map((signal) => getMaxListeners(signal))).toEqual([Infinity]);
  });

  it('that fails is a failed delivery, and no more', async () => {
    const { client, emulator } = await setStage({
      deliver: () => Promise.reject(new Error('Line cut')),
    });
    emulator.next('duplicated');

    await client.push();
    await emulator.idle();

    expect(emulator.deliveries).toMatchObject([
      { state: 'failed', error: 'Line cut' },
      { state: 'failed', error: 'Line cut' },
    ]);
  });

  it('that never ends does not keep close() from ending', async () => {
    const { client, emulator } = await setStage({ deliver: () => new Promise(() => {}) });
    emulator.next('paid');
    await client.push();
    await until(() => emulator.deliveries.length === 1);

    await emulator.close();

    expect(emulator.deliveries).toMatchObject([{ state: 'failed' }]);
  });
});
