import { stkCallback, type StkCallbackSuccess } from '../../lib/testing.js';
import { StkCallbackService, type StkAttempt } from '../../lib/index.js';
import { aPush, testingApp } from '../support/testing-app.js';

type Shop = Awaited<ReturnType<typeof testingApp>>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The emulator's prompt rings on; what comes back is posted here. */
describe('callbacks in every order', () => {
  let shop: Shop;
  /** Daraja lets nobody prompt a phone twice at once. */
  let phones = 0;

  beforeEach(async () => {
    shop = await testingApp({ reconciliation: false });
  });

  afterEach(() => shop.close());

  const push = async (orderId?: string) => {
    phones += 1;
    const phoneNumber = `2547120000${(phones % 90) + 10}`;
    const order = orderId === undefined ? {} : { orderId };
    const attempt = await shop.stk.push(aPush({ phoneNumber, ...order }));
    const request = shop.mpesa.emulator.received.at(-1)!.body as { CallBackURL: string };
    return { attempt, token: new URL(request.CallBackURL).pathname.split('/').at(-1)! };
  };

  type Pushed = Awaited<ReturnType<typeof push>>;

  const idsOf = ({ merchantRequestId, checkoutRequestId }: StkAttempt) => ({
    merchantRequestId: merchantRequestId!,
    checkoutRequestId: checkoutRequestId!,
  });
  const paid = ({ attempt }: Pushed, change: StkCallbackSuccess = {}) =>
    stkCallback.success({ ...idsOf(attempt), amount: 100, ...change });
  const cancelled = ({ attempt }: Pushed) => stkCallback.failure(1032, idsOf(attempt));

  const receive = async ({ token }: Pushed, ...bodies: object[]) => {
    const dispositions: string[] = [];
    for (const body of bodies) {
      const rawBody = Buffer.from(JSON.stringify(body));
      const { disposition } = await shop.app
        .get(StkCallbackService, { strict: false })
        .receive({ token, body: undefined, rawBody });
      dispositions.push(disposition);
    }
    await shop.mpesa.settleAll();
    return dispositions;
  };
  const found = async ({ attempt }: Pushed) => (await shop.stk.find(attempt.id))!;
  const told = ({ attempt }: Pushed, ...types: string[]) =>
    shop.ledger.of(attempt.id).filter((event) => types.some((type) => event.startsWith(type)));

  it('row 24: a thousand repeats have one effect, in whatever order their names stand', async () => {
    const one = await push();
    const body = paid(one);
    const reversed = Object.fromEntries(Object.entries(body.Body.stkCallback).reverse());
    const reordered = { Body: { stkCallback: reversed } };
    const dispositions = await receive(
      one,
      ...Array<object>(500).fill(body),
      ...Array<object>(500).fill(reordered),
    );
    expect(dispositions.filter((disposition) => disposition !== 'duplicate')).toHaveLength(2);
    expect(await found(one)).toMatchObject({ status: 'completed', review: [] });
    expect(told(one, 'completed', 'needs-review')).toEqual(['completed']);
  });

  it('row 25: a success counts after a failure as before it', async () => {
    const [first, second] = [await push(), await push()];
    await receive(first, paid(first, { receipt: 'UKO1AAAAAA' }), cancelled(first));
    await receive(second, cancelled(second), paid(second, { receipt: 'UKO1BBBBBB' }));
    expect(await found(first)).toMatchObject({ status: 'completed', late: false });
    expect(await found(second)).toMatchObject({ status: 'completed', late: true });
    expect((await found(first)).review).toContain('callback-conflict');
    expect((await found(second)).review).toContain('callback-conflict');
    expect(told(first, 'completed', 'failed')).toEqual(['completed']);
    expect(told(second, 'completed', 'failed')).toEqual(['failed', 'completed-late']);
  });

  it.each([
    ['10 minutes', 10 * MINUTE],
    ['1 hour', HOUR],
    ['47 hours', 47 * HOUR],
  ])(
    'row 26: a success counts %s after its attempt has expired',
    async (_what, later) => {
      shop.mpesa.emulator.next('lost-callback');
      const one = await push();
      for (let step = 0; (await found(one)).status !== 'expired' && step < 100; step += 1) {
        await shop.mpesa.clock.advance(MINUTE);
        await shop.mpesa.settleAll();
      }
      expect(await found(one)).toMatchObject({ status: 'expired' });
      await shop.mpesa.clock.advance(later);
      await receive(one, paid(one));
      expect(await found(one)).toMatchObject({ status: 'completed', late: true });
      expect(told(one, 'completed', 'expired')).toEqual(['expired', 'completed-late']);
    },
    240_000,
  );

  it('row 27: a late success of an order that is paid is a second payment', async () => {
    const first = await push('order-27');
    await receive(first, cancelled(first));
    const second = await push('order-27');
    await receive(second, paid(second, { receipt: 'UKO1AAAAAA' }));
    await receive(first, paid(first, { receipt: 'UKO1BBBBBB' }));
    expect(told(second, 'completed', 'duplicate')).toEqual(['completed']);
    expect(told(first, 'completed', 'duplicate')).toEqual(['duplicate-payment']);
  });

  it('row 29: other ids than ours count for nothing', async () => {
    const one = await push();
    const bodies = [{ checkoutRequestId: 'ws_CO_1' }, { merchantRequestId: '0-0-0' }];
    const received = await receive(one, ...bodies.map((ids) => paid(one, ids)));
    expect(received).toEqual(['quarantined', 'quarantined']);
    expect(await found(one)).toMatchObject({ status: 'pending', review: ['id-mismatch'] });
  });

  it.each<[number | string]>([
    [101],
    [99],
    [0],
    [-100],
    [1e308],
    [100.5],
    ['100.01'],
    ['1e2'],
    ['0x64'],
    ['100,00'],
    ['plenty'],
  ])('row 30: an amount of %j counts for nothing', async (amount) => {
    const one = await push();
    expect(await receive(one, paid(one, { amount }))).toEqual(['quarantined']);
    expect(await found(one)).toMatchObject({ status: 'pending', review: ['amount-mismatch'] });
  });

  it.each<[number | string]>([[100], ['100'], ['100.00'], ['100.0']])(
    'row 30: an amount of %j is the whole 100 shillings',
    async (amount) => {
      const one = await push();
      expect(await receive(one, paid(one, { amount }))).toEqual(['applied']);
      expect(await found(one)).toMatchObject({ status: 'completed', review: [] });
    },
  );

  it('row 30: a success without an amount waits for the query', async () => {
    const one = await push();
    const body = paid(one);
    body.Body.stkCallback.CallbackMetadata!.Item.shift();
    expect(await receive(one, body)).toEqual(['applied']);
    expect(await found(one)).toMatchObject({ status: 'pending' });
    expect(told(one, 'completed')).toEqual([]);
  });

  it.each([['254708***430'], ['2547 ***** 126'], [null], ['254700000000']])(
    'row 31: the phone number %p does not decide',
    async (phoneNumber) => {
      const one = await push();
      expect(await receive(one, paid(one, { phoneNumber }))).toEqual(['applied']);
      expect(await found(one)).toMatchObject({ status: 'completed' });
    },
  );

  it('row 32: the receipt of another attempt counts for nothing', async () => {
    const [first, second] = [await push(), await push()];
    await receive(first, paid(first));
    expect(await receive(second, paid(second))).toEqual(['quarantined']);
    expect(await found(second)).toMatchObject({ status: 'pending', review: ['receipt-reused'] });
  });
});
