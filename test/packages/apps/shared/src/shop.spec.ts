import { MpesaError, StkCompleted, StkFailed, StkInvalidInputError } from 'nestjs-mpesa';
import { Shop } from './shop.js';
import type { Platform } from './shop.js';

describe.each<Platform>(['express', 'fastify'])('a shop on %s', (platform) => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open(platform);
  }, 60_000);

  afterAll(() => shop.close());

  it('is paid', async () => {
    const attempt = await shop.checkout.pay('paid');
    expect(attempt.status).toBe('pending');
    shop.daraja.approve(attempt.checkoutRequestId ?? '');
    const settled = await shop.checkout.outcome(attempt);
    expect(settled).toMatchObject({ status: 'completed', amount: 100, confirmedBy: 'callback' });
    const [event, ...others] = await shop.told('paid');
    expect(event).toBeInstanceOf(StkCompleted);
    expect(event).toMatchObject({ attemptId: attempt.id, receipt: settled.receipt });
    expect(others).toEqual([]);
  }, 60_000);

  it('hears that the customer cancelled', async () => {
    const attempt = await shop.checkout.pay('cancelled');
    shop.daraja.cancel(attempt.checkoutRequestId ?? '');
    const settled = await shop.checkout.outcome(attempt);
    expect(settled).toMatchObject({ status: 'failed', reason: 'cancelled', resultCode: '1032' });
    const [event] = await shop.told('cancelled');
    expect(event).toBeInstanceOf(StkFailed);
  }, 60_000);

  it('asks no phone twice for one order', async () => {
    const attempt = await shop.checkout.pay('busy');
    const error: unknown = await shop.checkout.pay('busy').catch((reason: unknown) => reason);
    expect(MpesaError.is(error) && error.code).toBe('STK_ORDER_BUSY');
    shop.daraja.cancel(attempt.checkoutRequestId ?? '');
    await shop.checkout.outcome(attempt);
  }, 60_000);

  it('refuses an amount with cents', async () => {
    await expect(shop.checkout.pay('cents', 10.5)).rejects.toBeInstanceOf(StkInvalidInputError);
  });

  it.each([
    ['a body that is no callback', 'application/json', '{ "Body": {} }'],
    ['a body that is no JSON', 'application/json', '{ "Body":'],
    ['a body of another type', 'text/plain', 'Body'],
    ['a body of 1 MiB', 'application/json', ' '.repeat(1024 * 1024)],
  ])('answers %s like any other', async (_what, type, body) => {
    const answer = await fetch(`${shop.url}/stk/callback/${'A'.repeat(43)}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ ResultCode: 0, ResultDesc: 'Accepted' });
  });
});
