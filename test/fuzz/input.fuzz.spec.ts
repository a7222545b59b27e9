import fc from 'fast-check';
import { MpesaError, normalizeMsisdn } from '../../lib/index.js';
import { resolveMpesaOptions } from '../../lib/mpesa-resolved-options.js';
import { fuzz, mutated } from './fuzzing.js';

const OPTIONS = {
  environment: 'sandbox',
  consumerKey: 'consumer-key',
  consumerSecret: 'consumer-secret',
  shortCode: '174379',
  passKey: 'passkey',
  callbackUrl: 'https://shop.example/stk/callback',
};
const MORE = [
  'callback',
  'http',
  'limits',
  'events',
  'reconciliation',
  'tillNumber',
  'baseUrl',
  'isGlobal',
];

/** What it returns; undefined where it throws an error of ours, and no other. */
const ours = <T>(call: () => T): T | undefined => {
  try {
    return call();
  } catch (error) {
    if (!MpesaError.is(error)) throw error;
    return undefined;
  }
};

it('reads any phone number, or refuses it by StkInvalidInputError', async () => {
  const numbers = fc.oneof(
    {
      weight: 4,
      arbitrary: mutated(['0712345678', '0112345678', '+254 712-345-678', '254712345678']),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 50 }) },
    { weight: 1, arbitrary: fc.anything() as fc.Arbitrary<string> },
  );
  let taken = 0;
  await fuzz('phone numbers', numbers, (number) => {
    const msisdn = ours(() => normalizeMsisdn(number));
    if (msisdn === undefined) return;
    taken += 1;
    expect(msisdn).toMatch(/^254[17][0-9]{8}$/);
    expect(number.replace(/[^0-9]/g, '').endsWith(msisdn.slice(3))).toBe(true);
    expect(normalizeMsisdn(msisdn)).toBe(msisdn);
  });
  expect(taken).toBeGreaterThan(0);
}, 1_800_000);

it('takes any options, or refuses them by MpesaConfigError', async () => {
  const value = fc.oneof(
    fc.anything({ withNullPrototype: true }),
    mutated(Object.values(OPTIONS)),
    fc.array(mutated(['196.201.214.200', '10.0.0.0/8', '::1/128']), { maxLength: 3 }),
    fc.record({
      ipPolicy: fc.anything(),
      allowedIps: fc.array(mutated(['10.0.0.0/8', '::ffff:1.2.3.4'])),
    }),
  );
  const names = fc.constantFrom(...Object.keys(OPTIONS), ...MORE);
  const changes = fc.oneof(
    {
      weight: 20,
      arbitrary: fc
        .dictionary(names, value, { maxKeys: 3 })
        .map((some) => ({ ...OPTIONS, ...some })),
    },
    { weight: 1, arbitrary: fc.anything() },
  );
  let taken = 0;
  await fuzz('options', changes, (options) => {
    const resolved = ours(() => resolveMpesaOptions(options as never));
    if (resolved === undefined) return;
    taken += 1;
    expect(resolved.account.shortCode).toMatch(/^[0-9]{5,7}$/);
    expect(resolved.account.callbackUrl).toMatch(/^https?:\/\//);
    expect(['off', 'warn', 'enforce']).toContain(resolved.callback.ipPolicy);
    expect(resolved.callback.allowedIps.length).toBeGreaterThan(0);
  });
  expect(taken).toBeGreaterThan(0);
}, 1_800_000);
