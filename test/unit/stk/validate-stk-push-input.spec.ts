import fc from 'fast-check';
import type { StkPushInput } from '../../../lib/stk/stk-push-input.js';
import { StkInvalidInputError } from '../../../lib/stk/stk.errors.js';
import {
  validateStkPushInput,
  type StkInputContext,
} from '../../../lib/stk/validate-stk-push-input.js';

const production: StkInputContext = {
  environment: 'production',
  limits: { maxAmount: 250_000 },
  account: { transactionType: 'CustomerPayBillOnline' },
};
const sandbox: StkInputContext = { ...production, environment: 'sandbox' };
const till: StkInputContext = {
  ...production,
  account: { transactionType: 'CustomerBuyGoodsOnline' },
};

const input: StkPushInput = {
  phoneNumber: '0712 345 678',
  amount: 100,
  accountReference: 'INV-001',
  transactionDesc: 'Subscription',
};

const problemsOf = (given: unknown, context = production): Record<string, string> => {
  try {
    validateStkPushInput(given as StkPushInput, context);
    return {};
  } catch (error) {
    if (!(error instanceof StkInvalidInputError)) throw error;
    return Object.fromEntries(error.errors.map(({ field, message }) => [field, message]));
  }
};
const fieldsOf = (given: unknown, context = production) => Object.keys(problemsOf(given, context));
const withField = (field: string, value: unknown) => ({ ...input, [field]: value });

/** Nested so deeply that only a bounded walk comes back. */
const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
let shared: unknown = 'x';
for (let level = 0; level < 15; level++) shared = Array.from({ length: 10 }, () => shared);

describe('validateStkPushInput', () => {
  it('returns the number in its one form and nothing that was not given', () => {
    expect(validateStkPushInput(input, production)).toStrictEqual({
      phoneNumber: '254712345678',
      amount: 100,
      accountReference: 'INV-001',
      transactionDesc: 'Subscription',
    });
  });

  it('leaves out fields that are undefined', () => {
    const given = { ...input, orderId: undefined, metadata: undefined, typo: undefined };
    expect(validateStkPushInput(given, production)).toStrictEqual(
      validateStkPushInput(input, production),
    );
  });

  it('keeps every optional field', () => {
    const optional = {
      transactionType: 'CustomerPayBillOnline' as const,
      callbackUrl: 'https://shop.example.com/stk/callback',
      orderId: 'tenant-1:order-9',
      idempotencyKey: 'b0e7c7d2',
      metadata: { seats: [1, 2], vip: true, note: null },
    };
    expect(validateStkPushInput({ ...input, ...optional }, production)).toStrictEqual({
      ...input,
      phoneNumber: '254712345678',
      ...optional,
    });
  });

  it('changes nothing that was checked before', () => {
    const once = validateStkPushInput({ ...input, metadata: { a: 1 } }, production);
    expect(validateStkPushInput(once, production)).toStrictEqual(once);
  });

  it('names every wrong field, once each', () => {
    const wrong = {
      phoneNumber: '12',
      amount: '10',
      accountReference: '',
      transactionDesc: undefined,
      transactionType: 'Pay',
      callbackUrl: '/stk',
      orderId: '',
      idempotencyKey: 7,
      metadata: [],
      orderID: 'misspelt',
    };
    expect(fieldsOf(wrong)).toEqual(Object.keys(wrong));
  });

  it('is an error with a code, all messages in its text, and no value of the input', () => {
    const wrong = { ...input, phoneNumber: '0712 999 99', accountReference: 'TOO-LONG-REFERENCE' };
    const error = (() => {
      try {
        return validateStkPushInput(wrong, production);
      } catch (caught) {
        return caught as StkInvalidInputError;
      }
    })() as StkInvalidInputError;
    expect(error).toMatchObject({ code: 'STK_INVALID_INPUT', retryable: false });
    expect(error.message).toContain('phoneNumber must be a Kenyan mobile number');
    expect(error.message).toContain('accountReference must be text of 1 to 12 characters');
    expect(JSON.stringify(error) + error.message).not.toMatch(/999|TOO-LONG/);
  });

  it.each([[undefined], [null], ['0712345678'], [42], [[input]], [() => input]])(
    'refuses %p in place of an input',
    (given) => {
      expect(fieldsOf(given)).toEqual(['input']);
    },
  );

  it('refuses names that it does not know, those of a prototype too', () => {
    const given = JSON.parse(
      '{"phoneNumber":"0712345678","amount":1,"accountReference":"a","transactionDesc":"b","__proto__":{"orderId":"x"},"constructor":1,"toString":2}',
    );
    expect(fieldsOf(given)).toEqual(['__proto__', 'constructor', 'toString']);
  });

  it('reads each field once: what is checked is what is sent', () => {
    const amounts = [100, 999_999];
    const given = {
      ...input,
      get amount() {
        return amounts.shift()!;
      },
    };
    expect(validateStkPushInput(given, production).amount).toBe(100);
  });
});

describe('amount', () => {
  it.each([[1], [100], [250_000]])('accepts %d', (amount) => {
    expect(validateStkPushInput(withField('amount', amount), production).amount).toBe(amount);
  });

  it.each([
    [0],
    [-0],
    [-1],
    [0.4],
    [0.99],
    [10.5],
    [249_999.5],
    [250_001],
    [1e9],
    [NaN],
    [Infinity],
    [-Infinity],
    [Number.MIN_VALUE],
    [2 ** 53],
    ['10'],
    ['10.00'],
    [''],
    [true],
    [null],
    [undefined],
    [[10]],
    [{}],
    [10n],
    [new Number(10)],
    [{ valueOf: () => 10 }],
  ])('refuses %p', (amount) => {
    expect(problemsOf(withField('amount', amount))).toEqual({
      amount: 'must be a number of whole shillings from 1 to 250000',
    });
  });

  it('has the limit of the options', () => {
    const context = { ...production, limits: { maxAmount: 70_000 } };
    expect(fieldsOf(withField('amount', 70_000), context)).toEqual([]);
    expect(fieldsOf(withField('amount', 70_001), context)).toEqual(['amount']);
  });

  it('is never changed, whatever number it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer(), fc.double(), fc.integer({ min: 1, max: 300_000 })),
        (n) => {
          const allowed = Number.isSafeInteger(n) && n >= 1 && n <= 250_000;
          expect(fieldsOf(withField('amount', n))).toEqual(allowed ? [] : ['amount']);
        },
      ),
    );
  });
});

describe.each([
  ['accountReference', 12],
  ['transactionDesc', 13],
])('%s', (field, max) => {
  it.each([['A'], ['INV-001'], ['a b_c.d/e:f'], ['0'], ['x'.repeat(max)]])('accepts %j', (text) => {
    expect(validateStkPushInput(withField(field, text), production)).toMatchObject({
      [field]: text,
    });
  });

  it.each([
    ['x'.repeat(max + 1)],
    ['x'.repeat(10_000)],
    [''],
    [' '],
    ['   '],
    ['a@b'],
    ['#1'],
    ['a&b'],
    ['a\nb'],
    ['a\tb'],
    ['a\0'],
    ['\x7f'],
    ['café'],
    ['Ünal'],
    ['日本'],
    ['🙂'],
    ["O'Brien"],
    ['a,b'],
    ['<b>'],
    ['\u202e'],
    ['a\u00a0b'],
    [1],
    [null],
    [undefined],
    [['A']],
    [new String('A')],
  ])('refuses %j', (text) => {
    expect(fieldsOf(withField(field, text))).toEqual([field]);
  });
});

describe.each([['orderId'], ['idempotencyKey']])('%s', (field) => {
  it.each([['1'], ['order 7'], ['tenant:1/order#7'], ['zażółć'], ['🙂'], ['x'.repeat(128)]])(
    'accepts %j',
    (text) => {
      expect(validateStkPushInput(withField(field, text), production)).toMatchObject({
        [field]: text,
      });
    },
  );

  it.each([
    [''],
    [' '],
    ['x'.repeat(129)],
    ['a\0'],
    ['a\nb'],
    ['\x85'],
    ['\ud800'],
    ['a\udc00b'],
    [7],
    [null],
    [{}],
    [['a']],
  ])('refuses %j', (text) => {
    expect(fieldsOf(withField(field, text))).toEqual([field]);
  });
});

describe('transactionType', () => {
  it.each([[''], ['customerpaybillonline'], ['CustomerBuyGoodsOnline '], [null], [1]])(
    'refuses %j',
    (type) => {
      expect(fieldsOf(withField('transactionType', type))).toEqual(['transactionType']);
    },
  );

  it('is the one that the account can be paid by', () => {
    const buyGoods = withField('transactionType', 'CustomerBuyGoodsOnline');
    const payBill = withField('transactionType', 'CustomerPayBillOnline');
    expect(fieldsOf(buyGoods, till)).toEqual([]);
    expect(fieldsOf(payBill)).toEqual([]);
    expect(problemsOf(buyGoods)).toEqual({
      transactionType: 'must be CustomerPayBillOnline, as the account has no tillNumber',
    });
    expect(problemsOf(payBill, till)).toEqual({
      transactionType: 'must be CustomerBuyGoodsOnline, as the account has a tillNumber',
    });
  });
});

describe('callbackUrl', () => {
  it.each([
    ['https://shop.example.com', 'https://shop.example.com'],
    ['https://SHOP.Example.COM/Stk/Callback', 'https://shop.example.com/Stk/Callback'],
    ['https://shop.example.com:8443/stk/', 'https://shop.example.com:8443/stk'],
    ['HTTPS://203.0.113.7/stk//', 'https://203.0.113.7/stk'],
    ['https://[2001:db8::1]/stk', 'https://[2001:db8::1]/stk'],
  ])('takes %s as %s', (url, taken) => {
    const given = withField('callbackUrl', url);
    expect(validateStkPushInput(given, production).callbackUrl).toBe(taken);
  });

  it('may be plain http in the sandbox only', () => {
    const given = withField('callbackUrl', 'http://localhost:3000/stk');
    expect(fieldsOf(given, sandbox)).toEqual([]);
    expect(problemsOf(given)).toEqual({ callbackUrl: 'must begin with https://' });
  });

  it.each([
    [''],
    ['/stk/callback'],
    ['shop.example.com/stk'],
    ['//shop.example.com'],
    ['https:'],
    ['https://'],
    ['https:///stk'],
    ['https:shop.example.com'],
    ['https://?'],
    ['ftp://shop.example.com'],
    ['javascript:alert(1)'],
    ['file:///etc/passwd'],
    [' https://shop.example.com'],
    ['https://shop.example.com '],
    ['https://shop.example.com\n'],
    ['https://shop.ex ample.com'],
    ['https://shop.example.com/a b'],
    ['https://shop.example.com/a\tb'],
    ['https:\\\\shop.example.com'],
    ['https://shop.example.com\\@evil.example'],
    ['https://user@shop.example.com'],
    ['https://user:word@shop.example.com'],
    ['https://shop.example.com/?'],
    ['https://shop.example.com/?a=1'],
    ['https://shop.example.com/#'],
    ['https://shop.example.com/#a'],
    ['https://münchen.example'],
    ['https://shop.example.com/ü'],
    ['https://shop.example.com:99999'],
    ['https://exa[mple.com'],
    [null],
    [5],
    [new URL('https://shop.example.com')],
  ])('refuses %j', (url) => {
    expect(fieldsOf(withField('callbackUrl', url), sandbox)).toEqual(['callbackUrl']);
  });
});

describe('metadata', () => {
  it('is a copy: later changes of the original do not reach it', () => {
    const metadata = { cart: [{ sku: 'a' }], skipped: undefined };
    const taken = validateStkPushInput(
      { ...input, metadata } as unknown as StkPushInput,
      production,
    ).metadata;
    metadata.cart[0]!.sku = 'changed';
    expect(taken).toStrictEqual({ cart: [{ sku: 'a' }] });
  });

  it('accepts objects of another realm, without a prototype, and shared parts', () => {
    const part = { a: 1 };
    const metadata = Object.assign(Object.create(null), structuredClone({ x: 1 }), {
      part,
      again: part,
    });
    const taken = validateStkPushInput({ ...input, metadata }, production).metadata;
    expect(JSON.stringify(taken)).toBe('{"x":1,"part":{"a":1},"again":{"a":1}}');
  });

  it('may take 4 KiB as JSON in UTF-8, and no more', () => {
    const ofBytes = (bytes: number) => ({ n: 'é'.repeat((bytes - 8) / 2) });
    expect(Buffer.byteLength(JSON.stringify(ofBytes(4096)))).toBe(4096);
    expect(fieldsOf(withField('metadata', ofBytes(4096)))).toEqual([]);
    expect(problemsOf(withField('metadata', ofBytes(4098)))).toEqual({
      metadata: 'must be at most 4096 bytes of JSON',
    });
  });

  it.each([
    ['a list', []],
    ['text', '{}'],
    ['null', null],
    ['a date', new Date()],
    ['a map', new Map()],
    ['an instance of a class', new (class Cart {})()],
    ['a date in it', { at: new Date() }],
    ['a function in it', { toJSON: () => ({}) }],
    ['a symbol in it', { a: Symbol.iterator }],
    ['a bigint in it', { a: 1n }],
    ['NaN in it', { a: NaN }],
    ['Infinity in it', { a: { b: Infinity } }],
    ['undefined in a list', { a: [undefined] }],
    ['a gap in a list', { a: new Array(3) }],
    ['itself in it', cyclic],
    ['more parts than can be walked', { shared }],
    ['__proto__', JSON.parse('{"__proto__":{"admin":true}}')],
    ['__proto__ deep inside', JSON.parse('{"a":[{"b":{"__proto__":{"admin":true}}}]}')],
    ['constructor', { constructor: 1 }],
    ['prototype', { a: { prototype: {} } }],
  ])('refuses %s', (_, metadata) => {
    expect(fieldsOf(withField('metadata', metadata))).toEqual(['metadata']);
  });

  it('takes any small JSON object as it is', () => {
    const json = fc.dictionary(
      fc.string({ maxLength: 8 }).filter((key) => !/^(__proto__|constructor|prototype)$/.test(key)),
      fc.jsonValue({ maxDepth: 3 }),
      { maxKeys: 4 },
    );
    fc.assert(
      fc.property(json, (metadata) => {
        const text = JSON.stringify(metadata);
        fc.pre(Buffer.byteLength(text) <= 4096 && !/__proto__|constructor|prototype/.test(text));
        const taken = validateStkPushInput(withField('metadata', metadata), production);
        expect(JSON.stringify(taken.metadata)).toBe(text);
      }),
    );
  });
});

it('answers any input at all with a copy or a typed error', () => {
  const field = fc.oneof(fc.anything({ maxDepth: 2 }), fc.string());
  const any = fc.record(
    Object.fromEntries(
      [
        'phoneNumber',
        'amount',
        'accountReference',
        'transactionDesc',
        'callbackUrl',
        'orderId',
        'metadata',
      ].map((name) => [name, field]),
    ),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(any, fc.anything()), (given) => {
      expect(Array.isArray(fieldsOf(given))).toBe(true);
    }),
    { numRuns: 200 },
  );
});
