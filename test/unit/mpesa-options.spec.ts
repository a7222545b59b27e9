import { inspect } from 'node:util';
import type { EventTransport } from '../../lib/events/event-transport.js';
import { SAFARICOM_CALLBACK_IPS } from '../../lib/callback/safaricom-callback-ips.js';
import { MpesaConfigError } from '../../lib/mpesa-config.error.js';
import { withoutMpesaExtras, type MpesaModuleExtras } from '../../lib/mpesa-extras.js';
import { resolveMpesaOptions } from '../../lib/mpesa-resolved-options.js';
import type { MpesaModuleOptions } from '../../lib/mpesa.options.js';

const SANDBOX_PASS_KEY = 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919';

const options: MpesaModuleOptions = {
  environment: 'sandbox',
  consumerKey: 'consumer-key-value',
  consumerSecret: 'consumer-secret-value',
  shortCode: '174379',
  passKey: 'pass-key-value',
  callbackUrl: 'https://shop.example.com/stk/callback',
};
const persistence = { name: 'test', providers: [] };
const production = { ...options, environment: 'production' as const };

type Changes = Record<string, unknown>;
const resolve = (changes: Changes = {}, extras: Partial<MpesaModuleExtras> = {}) =>
  resolveMpesaOptions({ ...options, ...changes }, extras);

const errorOf = (raw: unknown, extras: unknown = {}): MpesaConfigError => {
  try {
    resolveMpesaOptions(raw as MpesaModuleOptions, extras as Partial<MpesaModuleExtras>);
  } catch (error) {
    if (error instanceof MpesaConfigError) return error;
    throw error;
  }
  throw new Error('It was resolved.');
};
const problemsOf = (changes: Changes, extras: unknown = { persistence }) =>
  Object.fromEntries(
    errorOf({ ...options, ...changes }, extras).problems.map(({ path, message }) => [
      path,
      message,
    ]),
  );
const live = { environment: 'production' };

describe('resolveMpesaOptions', () => {
  it('fills in every default', () => {
    expect(JSON.parse(JSON.stringify(resolve()))).toEqual({
      environment: 'sandbox',
      account: {
        name: 'default',
        baseUrl: 'https://sandbox.safaricom.co.ke',
        consumerKey: '***',
        consumerSecret: '***',
        shortCode: '174379',
        passKey: '***',
        partyB: '174379',
        transactionType: 'CustomerPayBillOnline',
        callbackUrl: 'https://shop.example.com/stk/callback',
      },
      accounts: {},
      accountResolver: null,
      confirmation: 'callback',
      reconciliation: {
        scheduledQueries: true,
        firstAfterMs: 15_000,
        minIntervalMs: 12_000,
        expireAfterMs: 300_000,
        giveUpAfterMs: 172_800_000,
      },
      http: {
        connectTimeoutMs: 3_000,
        headersTimeoutMs: 15_000,
        bodyTimeoutMs: 5_000,
        totalTimeoutMs: 20_000,
      },
      callback: { ipPolicy: 'warn', allowedIps: SAFARICOM_CALLBACK_IPS },
      limits: { maxAmount: 250_000 },
      events: { tries: 8, firstDelayMs: 500 },
      privacy: { keys: '***' },
      accessTokenStore: null,
      rateLimiter: null,
      eventTransports: [],
      telemetry: null,
      warnings: [],
    });
  });

  it('takes ports of another copy of this package, and nothing that is none', () => {
    const rateLimiter = { take: () => Promise.resolve(0), block: () => Promise.resolve() };
    expect(resolve({ rateLimiter }).rateLimiter).toBe(rateLimiter);
    expect(problemsOf({ rateLimiter: { take: rateLimiter.take }, accessTokenStore: {} })).toEqual({
      rateLimiter: 'must be an object with the methods take, block',
      accessTokenStore: 'must be an object with the methods get, set, delete, claim, release',
    });
  });

  it('takes event transports, each with an id of its own', () => {
    const transport = (id: unknown) => ({ id, publish: () => Promise.resolve() }) as EventTransport;
    const [one, two] = [transport('one'), transport('two')];
    expect(resolve({ eventTransports: [one, two] }).eventTransports).toEqual([one, two]);
    const said = (given: unknown) => problemsOf({ eventTransports: given }).eventTransports;
    expect(said(one)).toBe('must be a list of event transports');
    expect(said([one, {}])).toBe('at index 1 must be an object with the methods publish');
    const noId = /^has at index 0 a transport whose id is not 1 to 100 characters without spaces$/;
    for (const id of [undefined, '', 'two words', 'x'.repeat(101)])
      expect(said([transport(id)])).toMatch(noId);
    expect(said([one, transport('one')])).toBe(
      'has two transports with the id one: give each its own',
    );
  });

  it('keeps the credentials for those who send them', () => {
    expect(resolve().account).toMatchObject({
      consumerKey: 'consumer-key-value',
      consumerSecret: 'consumer-secret-value',
      passKey: 'pass-key-value',
    });
  });

  it.each([
    ['the options', () => resolve()],
    ['the account', () => resolve().account],
    ['what holds them', () => ({ config: [resolve()] })],
  ])('shows no credential of %s in a log', (_, shown) => {
    const logged = inspect(shown(), { depth: 9, showHidden: true }) + JSON.stringify(shown());
    expect(logged).not.toMatch(/consumer-key-value|consumer-secret-value|pass-key-value/);
    expect(logged).toContain('174379');
  });

  it('is frozen throughout', () => {
    const resolved = resolve();
    const parts = [resolved, resolved.account, resolved.reconciliation, resolved.http];
    expect(parts.every(Object.isFrozen)).toBe(true);
    expect([resolved.limits, resolved.events, resolved.warnings].every(Object.isFrozen)).toBe(true);
  });

  it('takes an undefined option for one that is left out', () => {
    const resolved = resolve({
      tillNumber: undefined,
      baseUrl: undefined,
      confirmation: undefined,
      reconciliation: { firstAfterMs: undefined, expireAfterMs: 120_000 },
      http: undefined,
    });
    expect(resolved.reconciliation).toMatchObject({ firstAfterMs: 15_000, expireAfterMs: 120_000 });
    expect(resolved.http.connectTimeoutMs).toBe(3_000);
  });

  it('turns off the scheduled queries alone with reconciliation: false', () => {
    expect(resolve({ reconciliation: false }).reconciliation).toMatchObject({
      scheduledQueries: false,
      expireAfterMs: 300_000,
    });
  });

  it('pays the till of a Buy Goods account', () => {
    expect(resolve({ tillNumber: '5512345' }).account).toMatchObject({
      shortCode: '174379',
      partyB: '5512345',
      transactionType: 'CustomerBuyGoodsOnline',
    });
  });

  it('has the production host in production', () => {
    expect(resolve(live, { persistence }).account.baseUrl).toBe('https://api.safaricom.co.ke');
  });

  it.each([
    ['http://127.0.0.1:4010/', 'http://127.0.0.1:4010'],
    ['http://localhost:4010', 'http://localhost:4010'],
    ['http://daraja.localhost', 'http://daraja.localhost'],
    ['http://[::1]:4010', 'http://[::1]:4010'],
    ['http://127.9.9.9', 'http://127.9.9.9'],
    ['https://Gateway.Example.COM:443/', 'https://gateway.example.com'],
  ])('takes the baseUrl %s as %s', (baseUrl, taken) => {
    expect(resolve({ baseUrl }).account.baseUrl).toBe(taken);
  });

  it('writes the host of the callback in lower case and keeps its path', () => {
    expect(resolve({ callbackUrl: 'https://SHOP.Example.com/Stk/' }).account.callbackUrl).toBe(
      'https://shop.example.com/Stk',
    );
  });
});

describe('MpesaConfigError', () => {
  it('reports everything that is wrong at once, one a line', () => {
    const error = errorOf(
      {
        environment: 'prod',
        consumerKey: 'key\n',
        shortCode: 174379,
        passKey: '',
        callbackUrl: 'shop.example.com',
        transactionType: 'PayBill',
        tillNumber: 'x',
        baseUrl: 'http://daraja.example.com',
        confirmation: 'both',
        reconciliation: { firstAfterMs: 0, every: 1 },
        http: 5,
        limits: { maxAmount: 0.5 },
        events: { tries: 0 },
        passkey: 'misspelt',
        isGlobal: true,
      },
      { callbackPath: ':id' },
    );
    expect(error.problems.map(({ path }) => path)).toEqual([
      'environment',
      'consumerKey',
      'consumerSecret',
      'shortCode',
      'passKey',
      'callbackUrl',
      'transactionType',
      'tillNumber',
      'baseUrl',
      'confirmation',
      'reconciliation.firstAfterMs',
      'reconciliation.every',
      'http',
      'limits.maxAmount',
      'events.tries',
      'passkey',
      'isGlobal',
      'callbackPath',
    ]);
    expect(error).toMatchObject({ code: 'MPESA_CONFIG', retryable: false });
    const lines = error.problems.map(({ path, message }) => `  ${path}: ${message}`);
    expect(error.message).toBe(['MpesaModule cannot start:', ...lines].join('\n'));
  });

  it('names the environment variable of what is missing', () => {
    expect(errorOf({}).problems).toEqual(
      [
        ['environment', 'MPESA_ENVIRONMENT'],
        ['consumerKey', 'MPESA_CONSUMER_KEY'],
        ['consumerSecret', 'MPESA_CONSUMER_SECRET'],
        ['shortCode', 'MPESA_SHORT_CODE'],
        ['passKey', 'MPESA_PASS_KEY'],
        ['callbackUrl', 'MPESA_CALLBACK_URL'],
      ].map(([path, name]) => ({ path, message: `is missing (environment variable ${name})` })),
    );
  });

  it('repeats no value: it may be a secret in the wrong place', () => {
    const raw = Object.fromEntries(
      Object.keys(options).map((name) => [name, `s3cret ${name} https://u:s3cret@host/?s3cret`]),
    );
    const error = errorOf({ ...raw, baseUrl: 'https://u:s3cret@host' });
    expect(error.problems.length).toBe(7);
    expect(error.message + JSON.stringify(error) + inspect(error)).not.toContain('s3cret');
  });

  it.each([[undefined], [null], ['production'], [[]], [() => options]])(
    'refuses %p in place of options',
    (raw) => {
      expect(errorOf(raw).problems).toEqual([
        { path: 'options', message: 'must be an object: does the factory return it?' },
      ]);
    },
  );
});

describe('each option', () => {
  const bad: [string, unknown[]][] = [
    ['environment', ['Production', 'test', 1, true]],
    ['consumerKey', ['a b', ' a', 'a\n', 'a\r\n', 'a\0', 'k\u00e9y', '\ufeffkey', 'a:b', 5, {}]],
    ['consumerSecret', ['a b', 'a\n', '\tb', 5, ['a']]],
    ['passKey', ['a b', 'a\n', 'a\u200b', 5]],
    [
      'shortCode',
      [174379, '1234', '12345678', '17437a', ' 174379', '174379\n', '١٧٤٣٧٩', '-17437'],
    ],
    ['tillNumber', [5512345, '', '1234', '12345678', '5512345 ', null]],
    ['transactionType', ['', 'CustomerPaybillOnline', null, 1]],
    ['confirmation', ['', 'none', true, null, {}]],
    [
      'callbackUrl',
      [
        '/stk',
        'shop.example.com',
        'ftp://a.b',
        'https://a.b/ c',
        'https://a.b\n',
        'https://a:b@c.d',
        'https://a.b/?c',
        'https://a.b/#',
        5,
      ],
    ],
    [
      'baseUrl',
      [
        '',
        'sandbox.safaricom.co.ke',
        'http://daraja.example.com',
        'http://10.0.0.1',
        'http://127.0.0.1.example.com',
        'http://localhost.example.com',
        'http://notlocalhost',
        'https://a.b/path',
        'https://a:b@c.d',
        'https://a.b?c',
        'https://a.b#c',
        ' https://a.b',
        'https://a.b ',
        null,
        5,
      ],
    ],
    ['reconciliation', [true, null, 'off', []]],
    ['http', [null, false, []]],
    ['limits', [null, 250_000]],
    ['events', [null, false]],
  ];

  it.each(bad.flatMap(([path, values]) => values.map((value) => [path, value] as const)))(
    '%s cannot be %j',
    (path, value) => {
      expect(Object.keys(problemsOf({ [path]: value }))).toEqual([path]);
    },
  );

  const milliseconds = [0, -1, 1.5, NaN, Infinity, 2_147_483_648, '1000', null, true];
  const nested: [string, string, unknown[]][] = [
    ...['firstAfterMs', 'minIntervalMs', 'expireAfterMs', 'giveUpAfterMs'].map(
      (key): [string, string, unknown[]] => ['reconciliation', key, milliseconds],
    ),
    ...['connectTimeoutMs', 'headersTimeoutMs', 'bodyTimeoutMs', 'totalTimeoutMs'].map(
      (key): [string, string, unknown[]] => ['http', key, milliseconds],
    ),
    ['callback', 'ipPolicy', ['on', '', true, null]],
    ['callback', 'allowedIps', [[], '10.0.0.1', ['10.0.0.0/33'], ['x'], [null], null]],
    ['limits', 'maxAmount', [0, -1, 0.5, NaN, Infinity, '250000', null]],
    ['events', 'tries', [0, 1.5, 21, '8', null]],
    ['events', 'firstDelayMs', milliseconds],
    ['http', 'timeout', [1]],
    ['http', 'toString', [1]],
  ];
  it.each(
    nested.flatMap(([section, key, values]) => values.map((v) => [section, key, v] as const)),
  )('%s.%s cannot be %p', (section, key, value) => {
    expect(Object.keys(problemsOf({ [section]: { [key]: value } }))).toEqual([`${section}.${key}`]);
  });

  it('is refused under another name, with the names that there are', () => {
    expect(problemsOf({ passkey: 'x' }).passkey).toMatch(/^is not an option; there are .*passKey/);
    expect(problemsOf({ toString: 1 })).toHaveProperty('toString');
  });

  it('must not be an extra, which a factory returns too late', () => {
    expect(problemsOf({ isGlobal: true })).toEqual({
      isGlobal: 'belongs beside useFactory, not in what the factory returns',
    });
    const given = { ...options, isGlobal: true, callbackPath: 'pay' };
    expect(withoutMpesaExtras(given)).toEqual(options);
  });
});

describe('what contradicts', () => {
  it.each<[string, Changes, string]>([
    ['the public passkey in production', { ...live, passKey: SANDBOX_PASS_KEY }, 'passKey'],
    [
      'plain http in production',
      { ...live, callbackUrl: 'http://shop.example.com/stk' },
      'callbackUrl',
    ],
    [
      'a callback to this machine in production',
      { ...live, callbackUrl: 'https://localhost/stk' },
      'callbackUrl',
    ],
    [
      'the sandbox host in production',
      { ...live, baseUrl: 'https://sandbox.safaricom.co.ke' },
      'baseUrl',
    ],
    ['the production host in the sandbox', { baseUrl: 'https://API.safaricom.co.ke/' }, 'baseUrl'],
    ['Buy Goods without a till', { transactionType: 'CustomerBuyGoodsOnline' }, 'tillNumber'],
    [
      'a till with a PayBill',
      { transactionType: 'CustomerPayBillOnline', tillNumber: '5512345' },
      'tillNumber',
    ],
    [
      'a deadline before the first look',
      { reconciliation: { firstAfterMs: 400_000 } },
      'reconciliation',
    ],
    ['an end before the deadline', { reconciliation: { giveUpAfterMs: 60_000 } }, 'reconciliation'],
  ])('refuses %s', (_, changes, path) => {
    expect(Object.keys(problemsOf(changes))).toEqual([path]);
  });

  it('refuses production without persistence, and only production', () => {
    expect(problemsOf(live, {})).toHaveProperty('persistence');
    expect(resolveMpesaOptions(production, { persistence }).environment).toBe('production');
    expect(resolve().environment).toBe('sandbox');
  });

  it('says what contradicts beside what is wrong by itself', () => {
    expect(
      Object.keys(problemsOf({ ...live, passKey: SANDBOX_PASS_KEY, shortCode: '1' }, {})),
    ).toEqual(['shortCode', 'passKey', 'persistence']);
  });

  it('takes the public passkey in the sandbox, and a local callback for the emulator', () => {
    const local = { baseUrl: 'http://127.0.0.1:4010', callbackUrl: 'http://localhost:3000/stk' };
    expect(resolve({ ...local, passKey: SANDBOX_PASS_KEY }).warnings).toEqual([]);
  });
});

describe('the extras', () => {
  it.each<[string, unknown]>([
    ['callbackPath', ''],
    ['callbackPath', '/'],
    ['callbackPath', 'stk/:id'],
    ['callbackPath', 'stk//callback'],
    ['callbackPath', 'stk callback'],
    ['callbackPath', 'https://a.b/stk'],
    ['isGlobal', 'yes'],
    ['background', 0],
    ['callbackController', class {}],
    ['controllerDecorators', () => undefined],
    ['controllerDecorators', ['Public']],
    ['persistence', null],
    ['persistence', () => persistence],
    ['persistence', 'memory'],
    ['persistence', { name: 'x' }],
  ])('%s cannot be %p', (path, value) => {
    const { problems } = errorOf(options, { [path]: value });
    expect(problems.map((problem) => problem.path)).toEqual([path]);
  });

  it.each([['stk/callback'], ['/pay/stk_v1/'], ['a.b~c-d']])(
    'callbackPath may be %s',
    (callbackPath) => {
      expect(resolve({}, { callbackPath }).warnings).toEqual([]);
    },
  );
});

describe('warnings', () => {
  it.each([
    ['https://shop.example.com/mpesa/callback', 'mpesa'],
    ['https://shop.example.com/M-Pesa', 'm-pesa'],
    ['https://safaricom.shop.example.com/stk', 'safaricom'],
    ['https://shop.example.com/stk/Query', 'query'],
    ['https://shop.example.com/exec/cmd/sql', 'exec, cmd, sql'],
    ['https://shop.example.com/run.exe', 'exe'],
  ])('name the filtered words of %s', (callbackUrl, words) => {
    const { warnings } = resolve({ callbackUrl });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`callbackUrl contains ${words}:`);
  });

  it('are given for a callback that Safaricom cannot reach', () => {
    const { warnings } = resolve({ callbackUrl: 'http://localhost:3000/stk' });
    expect(warnings).toEqual([expect.stringContaining('Safaricom cannot reach')]);
  });

  it('are given for a tunnel in production', () => {
    const tunnel = { callbackUrl: 'https://a1b2.ngrok-free.app/stk' };
    expect(resolve(tunnel).warnings).toEqual([]);
    expect(resolve({ ...live, ...tunnel }, { persistence }).warnings).toEqual([
      expect.stringContaining('tunnel'),
      expect.stringContaining('privacy.encryptionKey is not given'),
    ]);
  });

  it('are given for a deadline within the life of a prompt', () => {
    expect(resolve({ reconciliation: { expireAfterMs: 59_999 } }).warnings).toEqual([
      expect.stringContaining('second prompt'),
    ]);
  });
});

describe('privacy', () => {
  const key = Buffer.alloc(32, 7).toString('base64');
  const other = Buffer.alloc(32, 9).toString('base64');

  it('has the key to write with first, and shows none', () => {
    const { privacy } = resolve({ privacy: { encryptionKey: key, previousKeys: [other] } });
    expect(privacy.keys).toEqual([key, other]);
    expect(JSON.stringify(privacy) + inspect(privacy, { showHidden: true })).not.toContain(key);
    expect(resolve({}).privacy.keys).toEqual([]);
  });

  it.each([
    [{ encryptionKey: 'short' }, 'privacy.encryptionKey', /must be 32 random bytes in base64/],
    [{ encryptionKey: key.slice(0, -1) }, 'privacy.encryptionKey', /44 characters/],
    [{ encryptionKey: `${key}\n` }, 'privacy.encryptionKey', /openssl rand -base64 32/],
    [{ encryptionKey: 5 }, 'privacy.encryptionKey', /base64/],
    [{ encryptionKey: key, previousKeys: [key, 'x'] }, 'privacy.previousKeys', /former/],
    [{ encryptionKey: key, previousKeys: key }, 'privacy.previousKeys', /must be a list/],
    [{ previousKeys: [key] }, 'privacy.encryptionKey', /is missing: give the key to write with/],
    [{}, 'privacy.encryptionKey', /MPESA_ENCRYPTION_KEY/],
    [{ encryptionKey: key, rotate: true }, 'privacy.rotate', /is not an option/],
  ])('refuses %j', (privacy, path, message) => {
    const problems = problemsOf({ privacy });
    expect(problems).toEqual({ [path]: expect.stringMatching(message) });
    expect(problems[path]).not.toContain(key.slice(0, 20));
  });
});
