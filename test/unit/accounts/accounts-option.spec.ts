import { inspect } from 'node:util';
import { MpesaConfigError } from '../../../lib/mpesa-config.error.js';
import { resolveMpesaOptions } from '../../../lib/mpesa-resolved-options.js';
import type { MpesaModuleOptions } from '../../../lib/mpesa.options.js';

const SANDBOX_PASS_KEY = 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919';

const options: MpesaModuleOptions = {
  environment: 'sandbox',
  consumerKey: 'key',
  consumerSecret: 'secret',
  shortCode: '174379',
  passKey: 'pass',
  callbackUrl: 'https://shop.example.com/stk/callback',
};
const shop2 = {
  consumerKey: 'second-key',
  consumerSecret: 'second-secret',
  shortCode: '600111',
  passKey: 'second-pass',
};
const persistence = { name: 'test', providers: [] };

const resolve = (accounts: unknown, change: Partial<MpesaModuleOptions> = {}) =>
  resolveMpesaOptions(
    { ...options, ...change, accounts: accounts as MpesaModuleOptions['accounts'] },
    { persistence },
  );

function problemsOf(accounts: unknown, change: Partial<MpesaModuleOptions> = {}) {
  try {
    resolve(accounts, change);
  } catch (error) {
    if (!(error instanceof MpesaConfigError)) throw error;
    return Object.fromEntries(error.problems.map(({ path, message }) => [path, message]));
  }
  throw new Error('It was resolved.');
}

describe('the option accounts', () => {
  it('takes each account whole, with the host and the callback route of the application', () => {
    const till = {
      ...shop2,
      tillNumber: '5123456',
      callbackUrl: 'https://b.example/stk/callback/',
    };
    const { accounts, account } = resolve({ shop2, till });
    expect(accounts.shop2).toMatchObject({
      ...shop2,
      name: 'shop2',
      partyB: '600111',
      transactionType: 'CustomerPayBillOnline',
      baseUrl: account.baseUrl,
      callbackUrl: options.callbackUrl,
    });
    expect(accounts.till).toMatchObject({
      partyB: '5123456',
      transactionType: 'CustomerBuyGoodsOnline',
      callbackUrl: 'https://b.example/stk/callback',
    });
    expect([accounts, accounts.shop2].every(Object.isFrozen)).toBe(true);
  });

  it('inherits no till from the top-level account', () => {
    const { accounts } = resolve({ shop2 }, { tillNumber: '5123456' });
    expect(accounts.shop2).toMatchObject({ partyB: '600111' });
  });

  it('names everything that is wrong in every account at once', () => {
    const accounts = {
      shop2: { ...shop2, passKey: '', consumerKey: 'a:b' },
      shop3: { ...shop2, shortCode: 600111, tilNumber: '5123456' },
      shop4: { ...shop2, transactionType: 'CustomerBuyGoodsOnline' },
      shop5: null,
      default: shop2,
      '  ': shop2,
    };
    expect(problemsOf(accounts, { consumerKey: '' })).toEqual({
      consumerKey: 'is missing (environment variable MPESA_CONSUMER_KEY)',
      'accounts.shop2.consumerKey': 'must not have a colon: copy it again from the Daraja portal',
      'accounts.shop2.passKey': 'is missing',
      'accounts.shop3.shortCode': expect.stringContaining('5 to 7 digits'),
      'accounts.shop3.tilNumber': expect.stringContaining('tillNumber'),
      'accounts.shop4.tillNumber': expect.stringContaining('is missing'),
      'accounts.shop5': expect.stringContaining('must be an object'),
      'accounts.default': expect.stringContaining('top-level'),
      'accounts.  ': expect.stringContaining('1 to 128 characters'),
    });
  });

  it.each([null, [], 'shop2', 7])('refuses %p', (accounts) => {
    expect(problemsOf(accounts)).toHaveProperty('accounts');
  });

  it('holds every account to the rules of production', () => {
    const accounts = {
      a: { ...shop2, passKey: SANDBOX_PASS_KEY },
      b: { ...shop2, callbackUrl: 'http://shop.example.com/stk' },
      c: { ...shop2, callbackUrl: 'https://localhost/stk' },
    };
    const production = { environment: 'production' } as const;
    expect(Object.keys(problemsOf(accounts, production))).toEqual([
      'accounts.a.passKey',
      'accounts.b.callbackUrl',
      'accounts.c.callbackUrl',
    ]);
    expect(Object.keys(resolve({ a: accounts.a, b: accounts.b }).accounts)).toEqual(['a', 'b']);
  });

  it('warns of a callback URL that is an account’s own, and once of the common one', () => {
    const callbackUrl = 'https://b.example/mpesa/callback';
    const { warnings } = resolve(
      { shop2: { ...shop2, callbackUrl }, shop3: shop2 },
      { callbackUrl: 'https://shop.example.com/mpesa' },
    );
    expect(warnings).toEqual([
      expect.stringMatching(/^callbackUrl contains mpesa/),
      expect.stringMatching(/^accounts\.shop2: callbackUrl contains mpesa/),
    ]);
  });

  it('shows no credential in a log', () => {
    const resolved = resolve({ shop2 });
    const logged = inspect(resolved, { depth: 9 }) + JSON.stringify(resolved);
    expect(logged).toContain('600111');
    expect(logged).not.toMatch(/second-(key|secret|pass)/);
  });

  it('takes a function as it is', () => {
    const resolver = () => null;
    expect(resolve(resolver)).toMatchObject({ accounts: {}, accountResolver: resolver });
  });
});
