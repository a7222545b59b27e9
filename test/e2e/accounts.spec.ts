import {
  DarajaAuthError,
  MpesaAccountError,
  MpesaAccountUnavailableError,
  StkInvalidInputError,
  type MpesaAccount,
  type StkPushInput,
} from '../../lib/index.js';
import { AttemptStore } from '../../lib/attempts/attempt-store.js';
import { EMULATOR_ACCOUNT, type EmulatorAccount } from '../../lib/testing.js';
import { aPush, testingApp } from '../support/testing-app.js';

const SHOP_2: EmulatorAccount = {
  consumerKey: 'second-key',
  consumerSecret: 'second-secret',
  shortCode: '600111',
  passKey: 'second-pass',
  tillNumber: '5123456',
};
const credentials = [EMULATOR_ACCOUNT, SHOP_2];
type Resolver = (name: string) => MpesaAccount | null | Promise<MpesaAccount | null>;

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => new Error('It did not fail'),
    (error: unknown) => error,
  );

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

async function appOf(accounts: Record<string, MpesaAccount> | Resolver) {
  const emulated = { credentials, promptLifetimeMs: 3_600_000 };
  const app = await testingApp({ accounts, emulator: emulated });
  opened.push(app);
  const { emulator } = app.mpesa;
  let phones = 0;
  // Each of a phone of its own, as a phone is asked once at a time.
  const phoneNumber = () => `0712${String((phones += 1)).padStart(6, '0')}`;
  return {
    ...app,
    push: (change: Partial<StkPushInput> = {}) =>
      app.stk.push(aPush({ account: 'shop2', phoneNumber: phoneNumber(), ...change })),
    sent: () => emulator.received.filter(({ path }) => path.includes('processrequest')),
    tokensAsked: () => emulator.received.filter(({ path }) => path.includes('oauth')).length,
    stored: () => app.app.get(AttemptStore, { strict: false }).list({ limit: 9 }),
  };
}

/** A resolver that a test can change, and that counts how often it was asked. */
function tenants(first: MpesaAccount | null = SHOP_2) {
  const table = new Map([['shop2', first]]);
  const asked: string[] = [];
  const resolve: Resolver = (name) => {
    asked.push(name);
    return table.get(name) ?? null;
  };
  return { table, asked, resolve };
}

describe.each<[string, () => Record<string, MpesaAccount> | Resolver]>([
  ['by name', () => ({ shop2: SHOP_2 })],
  ['by a resolver', () => tenants().resolve],
])('accounts %s', (_, accounts) => {
  it('are paid as one unit: a push, its callback, a query and a second look', async () => {
    const { push, stk, mpesa, ledger, sent } = await appOf(accounts());
    const attempt = await push();
    expect(attempt).toMatchObject({
      status: 'pending',
      account: 'shop2',
      transactionType: 'CustomerBuyGoodsOnline',
    });
    expect(sent()[0]!.body).toMatchObject({
      BusinessShortCode: '600111',
      PartyB: '5123456',
      TransactionType: 'CustomerBuyGoodsOnline',
    });
    await mpesa.lose(attempt);
    const checkoutRequestId = attempt.checkoutRequestId!;
    expect(await stk.query({ checkoutRequestId, account: 'shop2' })).toMatchObject({
      status: 'completed',
    });
    // Under another shortcode Daraja knows nothing of it.
    expect(await stk.query({ checkoutRequestId })).toMatchObject({ status: 'pending' });
    expect(await stk.reconcile(attempt.id)).toMatchObject({ status: 'completed' });
    await mpesa.settleAll();
    expect(ledger.of(attempt.id)).toEqual(['prompted', 'completed']);
  });

  it('are the attempt’s own when it is sent later', async () => {
    const { stk, sent } = await appOf(accounts());
    const prepared = await stk.prepare(aPush({ account: 'shop2' }));
    expect(await stk.send(prepared.id)).toMatchObject({ status: 'pending', account: 'shop2' });
    expect(sent()[0]!.body).toMatchObject({ BusinessShortCode: '600111' });
  });

  it.each(['shop3', 'constructor', '__proto__', '', 'x'.repeat(129)])(
    'refuse the name %p, and store nothing',
    async (account) => {
      const { push, stk, stored, sent } = await appOf(accounts());
      expect(await failureOf(push({ account, phoneNumber: 'x' }))).toMatchObject({
        code: 'STK_INVALID_INPUT',
        errors: [{ field: 'phoneNumber' }, { field: 'account' }],
      });
      expect(await failureOf(stk.query({ checkoutRequestId: 'ws_CO_1', account }))).toBeInstanceOf(
        StkInvalidInputError,
      );
      expect([await stored(), sent()]).toEqual([[], []]);
    },
  );

  it('do not mix: another type than the account’s own is refused', async () => {
    const { push } = await appOf(accounts());
    expect(await failureOf(push({ transactionType: 'CustomerPayBillOnline' }))).toMatchObject({
      errors: [{ field: 'transactionType', message: expect.stringContaining('BuyGoods') }],
    });
  });
});

describe('a resolver of accounts', () => {
  it('is asked once for many pushes at a time, and again after a minute', async () => {
    const { asked, resolve } = tenants();
    const { push, mpesa, tokensAsked } = await appOf(resolve);
    await Promise.all([push(), push(), push()]);
    await push();
    expect(asked).toEqual(['shop2']);
    await mpesa.clock.advance(61_000);
    await push();
    expect(asked).toEqual(['shop2', 'shop2']);
    expect(tokensAsked()).toBe(1);
  });

  it('is not asked for the account of the top-level options', async () => {
    const { asked, resolve } = tenants();
    const { push } = await appOf(resolve);
    expect(await push({ account: undefined })).toMatchObject({ account: 'default' });
    expect(await push({ account: 'default' })).toMatchObject({ account: 'default' });
    expect(asked).toEqual([]);
  });

  it('finds a tenant who has just come', async () => {
    const { table, resolve } = tenants(null);
    const { push, mpesa } = await appOf(resolve);
    expect(await failureOf(push())).toBeInstanceOf(StkInvalidInputError);
    table.set('shop2', SHOP_2);
    await mpesa.clock.advance(1_100);
    expect(await push()).toMatchObject({ status: 'pending' });
  });

  it('has its answer checked: what is wrong is named, nothing is stored or sent', async () => {
    const { push, stored, sent } = await appOf(
      () => ({ ...SHOP_2, passKey: '', secret: 'x' }) as unknown as MpesaAccount,
    );
    const error = (await failureOf(push())) as MpesaAccountError;
    expect(error).toBeInstanceOf(MpesaAccountError);
    expect(error).toMatchObject({ code: 'MPESA_ACCOUNT', account: 'shop2', retryable: false });
    expect(error.problems.map(({ path }) => path)).toEqual(['passKey', 'secret']);
    expect([await stored(), sent()]).toEqual([[], []]);
  });

  it('may fail or hang: a retryable error without a word of its own, nothing stored', async () => {
    let answer: () => Promise<MpesaAccount> = () => Promise.reject(new Error('vault: s3cret'));
    const { push, stored, mpesa } = await appOf(() => answer());
    const failed = await failureOf(push());
    expect(failed).toBeInstanceOf(MpesaAccountUnavailableError);
    expect(failed).toMatchObject({ code: 'MPESA_ACCOUNT_UNAVAILABLE', retryable: true });
    expect((failed as Error).message).not.toContain('s3cret');

    answer = () => new Promise(() => undefined);
    const hanging = failureOf(push());
    await mpesa.clock.advance(5_000);
    expect(await hanging).toBeInstanceOf(MpesaAccountUnavailableError);
    expect(await stored()).toEqual([]);

    answer = () => Promise.resolve(SHOP_2);
    expect(await push()).toMatchObject({ status: 'pending' });
  });

  it('is asked again when Daraja refuses the credentials: a rotation needs no restart', async () => {
    const { table, asked, resolve } = tenants({ ...SHOP_2, consumerSecret: 'before-the-rotation' });
    const { push, sent } = await appOf(resolve);
    const refused = await failureOf(push());
    expect(refused).toBeInstanceOf(DarajaAuthError);
    expect(refused).toMatchObject({ attempt: { status: 'rejected' } });
    expect(asked).toHaveLength(2);
    expect(sent()).toEqual([]);

    table.set('shop2', SHOP_2);
    expect(await push()).toMatchObject({ status: 'pending' });
    expect(asked).toHaveLength(3);
  });

  it('is asked again for the next push when Daraja refuses the passkey', async () => {
    const { table, asked, resolve } = tenants({ ...SHOP_2, passKey: 'before-the-rotation' });
    const { push } = await appOf(resolve);
    expect(await failureOf(push())).toMatchObject({ code: 'STK_REJECTED' });
    table.set('shop2', SHOP_2);
    expect(await push()).toMatchObject({ status: 'pending' });
    expect(asked).toHaveLength(2);
  });

  it('is asked again for a query, too', async () => {
    const { table, resolve } = tenants();
    const { push, stk, mpesa } = await appOf(resolve);
    const { checkoutRequestId } = await push();
    table.set('shop2', { ...SHOP_2, consumerSecret: 'before-the-rotation' });
    await mpesa.clock.advance(61_000);
    mpesa.emulator.revokeTokens();
    const query = () => stk.query({ checkoutRequestId: checkoutRequestId!, account: 'shop2' });
    expect(await failureOf(query())).toBeInstanceOf(DarajaAuthError);
    table.set('shop2', SHOP_2);
    expect(await query()).toMatchObject({ status: 'pending' });
  });

  it('does not turn a payment for a till into one for a PayBill on the way', async () => {
    const { table, resolve } = tenants();
    const { push, stk, mpesa, sent } = await appOf(resolve);
    await push();
    // Later than that, so that the minute of the account ends before the half minute of the attempt.
    await mpesa.clock.advance(45_000);
    const prepared = await stk.prepare(aPush({ account: 'shop2' }));
    const { tillNumber, ...payBill } = SHOP_2;
    expect(tillNumber).toBeDefined();
    table.set('shop2', payBill);
    await mpesa.clock.advance(16_000);
    const error = await failureOf(stk.send(prepared.id));
    expect(error).toBeInstanceOf(MpesaAccountError);
    expect(error).toMatchObject({ attempt: { status: 'rejected', orderId: prepared.orderId } });
    expect(sent()).toHaveLength(1);
  });

  it('may know an account no more: its attempts wait, and can be looked at again', async () => {
    const { table, resolve } = tenants();
    const { push, stk, mpesa } = await appOf(resolve);
    const attempt = await push();
    table.set('shop2', null);
    await mpesa.clock.advance(61_000);
    expect(await failureOf(stk.reconcile(attempt.id))).toBeInstanceOf(MpesaAccountError);
    expect(await stk.find(attempt.id)).toMatchObject({ status: 'pending' });
    await mpesa.approve(attempt);
    expect(await stk.find(attempt.id)).toMatchObject({ status: 'completed' });
  });

  it('may know an account no more: at the deadline people are told, once', async () => {
    const { table, resolve } = tenants();
    const { push, stk, mpesa, ledger } = await appOf(resolve);
    const attempt = await push();
    table.set('shop2', null);
    // The account is used for a minute more, and asked about for as long.
    await mpesa.clock.advance(599_000);
    expect(await stk.find(attempt.id)).toMatchObject({ status: 'pending', review: [] });
    await mpesa.clock.advance(5_000);
    await mpesa.settleAll();
    expect(await stk.find(attempt.id)).toMatchObject({
      status: 'expired',
      review: ['account-gone'],
    });
    expect(ledger.of(attempt.id)).toEqual(['prompted', 'expired', 'needs-review:account-gone']);
  });
});
