import { parseStkCallback } from '../../../lib/callback/parse-stk-callback.js';
import { StkCallbackError } from '../../../lib/callback/stk-callback.error.js';
import { MpesaError } from '../../../lib/mpesa.error.js';
import { body, item, ITEMS, METADATA, withItems } from './callback-body.js';

const problemOf = (value: unknown): string => {
  try {
    parseStkCallback(value);
  } catch (error) {
    if (error instanceof StkCallbackError) return error.problem;
    throw error;
  }
  throw new Error('was parsed');
};

describe('parseStkCallback', () => {
  it.each([
    [0, '0'],
    [1032, '1032'],
    ['0', '0'],
    ['1032', '1032'],
    ['SFC_IC0003', 'SFC_IC0003'],
    ['500.001.1001', '500.001.1001'],
    [-1, '-1'],
  ])('takes the result code %p as text', (ResultCode, expected) => {
    expect(parseStkCallback(body({ ResultCode })).resultCode).toBe(expected);
  });

  it.each([
    [null],
    [undefined],
    [''],
    [true],
    [1.5],
    [1e21],
    [[0]],
    [{}],
    ['0\n'],
    ['9'.repeat(33)],
  ])('refuses the result code %p', (ResultCode) => {
    expect(problemOf(body({ ResultCode }))).toContain('ResultCode');
  });

  it.each(['MerchantRequestID', 'CheckoutRequestID'])('needs %s as printable text', (name) => {
    for (const value of [undefined, null, '', 7, {}, 'a\u0000b', 'a\nb', 'x'.repeat(129)]) {
      expect(problemOf(body({ [name]: value }))).toContain(name);
    }
    const callback = parseStkCallback(body({ [name]: '(any) text' }));
    expect([callback.merchantRequestId, callback.checkoutRequestId]).toContain('(any) text');
  });

  it('takes ResultDesc or leaves it, without its control characters', () => {
    const descOf = (ResultDesc: unknown) => parseStkCallback(body({ ResultDesc })).resultDesc;

    expect(descOf('Imefaulu — asante')).toBe('Imefaulu — asante');
    expect(descOf('one\r\ntwo\u0000')).toBe('one  two ');
    expect(descOf(undefined)).toBe('');
    expect(descOf(null)).toBe('');
    expect(descOf('x'.repeat(1_024))).toHaveLength(1_024);
    expect(problemOf(body({ ResultDesc: 'x'.repeat(1_025) }))).toContain('ResultDesc');
  });

  it.each([
    ['nothing', undefined, 'the body'],
    ['null', null, 'the body'],
    ['text', JSON.stringify(body()), 'the body'],
    ['a number', 0, 'the body'],
    ['a list', [body()], 'the body'],
    ['an empty object', {}, 'Body'],
    ['the callback without its envelope', body().Body, 'Body'],
    ['Body as a list', { Body: [body().Body.stkCallback] }, 'Body'],
    ['Body as text', { Body: JSON.stringify(body().Body) }, 'Body'],
    ['stkCallback as a list', { Body: { stkCallback: [] } }, 'Body.stkCallback'],
    ['a SOAP fault', { Body: { Fault: { faultcode: 'soap:Server' } } }, 'Body.stkCallback'],
  ])('refuses %s', (_what, value, place) => {
    const problem = `${place} must be an object`;
    expect(() => parseStkCallback(value)).toThrow(
      expect.objectContaining({ name: StkCallbackError.name, problem }) as Error,
    );
  });

  it('reads only what is the body’s own', () => {
    expect(() => parseStkCallback(Object.create(body()))).toThrow(StkCallbackError);
    expect(() => parseStkCallback(JSON.parse(`{"__proto__":${JSON.stringify(body())}}`))).toThrow(
      StkCallbackError,
    );
    const polluting = `{"__proto__":{"amount":1},"constructor":{"prototype":{"amount":1}},${JSON.stringify(body()).slice(1)}`;
    const callback = parseStkCallback(JSON.parse(polluting));

    expect(callback).toStrictEqual(parseStkCallback(body()));
    expect(({} as Record<string, unknown>).amount).toBeUndefined();
    expect(
      parseStkCallback(withItems(...ITEMS, item('__proto__', 1), item('constructor', 1))),
    ).toEqual(callback);
  });

  it('returns nothing but its named fields', () => {
    const callback = parseStkCallback({ ...body({ Secret: 'x', metadata: { amount: 1 } }), x: 1 });

    expect(Object.keys(callback).sort()).toEqual([
      'checkoutRequestId',
      'merchantRequestId',
      'metadata',
      'resultCode',
      'resultDesc',
    ]);
    expect(callback.metadata).toStrictEqual(METADATA);
  });

  it('throws its own error alone, even when the body throws another', () => {
    const hostile = Object.defineProperty({}, 'Body', {
      get: () => {
        throw new TypeError('254712345678');
      },
    });

    expect(problemOf(hostile)).toBe('the body cannot be read');
    expect(problemOf(new Proxy({}, { getOwnPropertyDescriptor: () => 1 as never }))).toBe(
      'the body cannot be read',
    );
  });
});

describe('StkCallbackError', () => {
  it('is one of ours, and says what is wrong without quoting the body', () => {
    const secret = '254712345678';
    const values = [
      body({ CheckoutRequestID: `${secret}\n` }),
      body({ ResultCode: `${secret} ${secret}` }),
      withItems(item(secret), item(secret)),
      { Body: { stkCallback: secret } },
    ];
    for (const value of values) expect(problemOf(value)).not.toContain(secret);

    const error = new StkCallbackError('Body must be an object');
    expect(MpesaError.is(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'StkCallbackError',
      code: 'STK_CALLBACK',
      retryable: false,
      problem: 'Body must be an object',
      message: 'Not an STK callback: Body must be an object',
    });
  });
});
