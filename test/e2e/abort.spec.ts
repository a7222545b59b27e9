import { AttemptStore } from '../../lib/attempts/attempt-store.js';
import { aPush, testingApp } from '../support/testing-app.js';

type App = Awaited<ReturnType<typeof testingApp>>;

let app: App;
beforeEach(async () => {
  app = await testingApp();
});
afterEach(() => app.close());

const reason = new Error('The customer left');
const aborted = () => {
  const controller = new AbortController();
  controller.abort(reason);
  return { signal: controller.signal };
};
const requests = (path: string) =>
  app.mpesa.emulator.received.filter((request) => request.path.includes(path));

describe('a call that is called off', () => {
  it('before a push stores nothing and sends nothing', async () => {
    const input = aPush();
    await expect(app.stk.push(input, aborted())).rejects.toBe(reason);
    expect(await app.stk.findByOrder(input.orderId ?? '')).toEqual([]);
    expect(requests('/')).toEqual([]);
  });

  it('before it is stored, too', async () => {
    const controller = new AbortController();
    const input = aPush();
    const pushing = app.stk.push(input, { signal: controller.signal });
    controller.abort(reason);
    await expect(pushing).rejects.toBe(reason);
    expect(await app.stk.findByOrder(input.orderId ?? '')).toEqual([]);
  });

  it('before the claim rejects the attempt as not sent, and the order is free', async () => {
    const controller = new AbortController();
    const input = aPush();
    const { commits } = app.app.get(AttemptStore, { strict: false });
    // It is stored, and the token is still to come.
    const stored = commits.subscribe(() => {
      controller.abort(reason);
    });
    await expect(app.stk.push(input, { signal: controller.signal })).rejects.toBe(reason);
    stored.unsubscribe();
    expect(await app.stk.findByOrder(input.orderId ?? '')).toMatchObject([{ status: 'rejected' }]);
    expect(requests('processrequest')).toEqual([]);
    await app.mpesa.clock.advance(60_000);
    expect(await app.stk.push(input)).toMatchObject({ status: 'pending' });
  });

  it('after the claim changes nothing', async () => {
    const controller = new AbortController();
    const attempt = await app.stk.push(aPush(), { signal: controller.signal });
    controller.abort(reason);
    expect(await app.stk.find(attempt.id)).toMatchObject({ status: 'pending' });
  });

  it('of a query or a reconciliation leaves the attempt alone', async () => {
    const attempt = await app.stk.push(aPush());
    await app.mpesa.lose(attempt);
    const checkoutRequestId = attempt.checkoutRequestId ?? '';
    await expect(app.stk.query({ checkoutRequestId }, aborted())).rejects.toBe(reason);
    await expect(app.stk.reconcile(attempt.id, aborted())).rejects.toBe(reason);
    await expect(app.stk.waitFor(attempt.id, aborted())).rejects.toBe(reason);
    expect(await app.stk.find(attempt.id)).toMatchObject({ status: 'pending' });
    expect(requests('stkpushquery')).toEqual([]);
    expect(await app.stk.reconcile(attempt.id)).toMatchObject({ status: 'completed' });
  });

  it('under way ends at once', async () => {
    app.mpesa.emulator.next({ customer: { resultCode: 0 }, callbacks: [] });
    const attempt = await app.stk.push(aPush());
    const controller = new AbortController();
    const reconciling = app.stk.reconcile(attempt.id, { signal: controller.signal });
    controller.abort(reason);
    await expect(reconciling).rejects.toBe(reason);
    expect(await app.stk.find(attempt.id)).toMatchObject({ status: 'pending' });
  });
});
