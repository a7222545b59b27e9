import fc from 'fast-check';
import { MAX_CALLBACK_BYTES, parseStrictJson } from '../../../lib/callback/strict-json.js';
import { StkCallbackError } from '../../../lib/callback/stk-callback.error.js';

const parse = (json: string) => parseStrictJson(Buffer.from(json));

describe('parseStrictJson', () => {
  it.each([
    ['{}'],
    ['[]'],
    [' {"a" : [ 1 , -0.5e-3, true,false , null, "x"]}\r\n\t'],
    ['"\\u0041\\n\\"\\\\\\/"'],
    ['"€ 𝄞 \\ud834\\udd1e"'],
    ['{"":{"":""},"a":{"":[]}}'],
    ['1.00'],
    ['20260504210428'],
    ['254712345678'],
    ['100000000000000000000'],
    ['"hasOwnProperty"'],
    ['{"toString":1}'],
    ['"a: 12345678901234567890, {\\"b\\": 1}"'],
    ['{"a\\\\":1,"a\\":\\"":2}'],
    ['123456789012345'],
    ['[99999999999999.9,0.00000000000000001,1234567.000000000000]'],
    ['['.repeat(12) + ']'.repeat(12)],
    ['{"a":'.repeat(12) + '1' + '}'.repeat(12)],
    [`[${'1,'.repeat(398)}1]`],
    [`"${'a'.repeat(MAX_CALLBACK_BYTES - 2)}"`],
  ])('reads %.40s as JSON.parse() does', (json) => {
    expect(parse(json)).toStrictEqual(JSON.parse(json));
  });

  it.each([
    [''],
    [' '],
    ['{'],
    ['{"a"}'],
    ['{"a":}'],
    ['{"a":1,}'],
    ['{a:1}'],
    ["{'a':1}"],
    ['[1,]'],
    ['[1 2]'],
    ['01'],
    ['+1'],
    ['.5'],
    ['1.'],
    ['1e'],
    ['NaN'],
    ['undefined'],
    ['tru'],
    ['"\n"'],
    ['"\\x41"'],
    ['"\\u00g0"'],
    ['"a'],
    ['{} {}'],
    ['/* */{}'],
  ])('refuses %j, as JSON.parse() does', (json) => {
    expect(() => JSON.parse(json) as unknown).toThrow(SyntaxError);
    expect(() => parse(json)).toThrow(StkCallbackError);
  });

  it.each([
    ['{"a":1,"a":1}', 'two properties have the same name'],
    ['{"a":1,"\\u0061":1}', 'two properties have the same name'],
    ['[{"b":{"__proto__":1}}]', 'called __proto__'],
    ['{"constructor":1}', 'called constructor'],
    ['{"prototype":1}', 'called prototype'],
    ['"\\ud800"', 'not Unicode'],
    ['1e309', 'too many digits'],
    ['-1e309', 'too many digits'],
    ['{"a":"\\ud800"}', 'not Unicode'],
    ['{"\\ud800":1}', 'not Unicode'],
    ['[0,9999999999999999]', 'too many digits'],
    ['0.1234567890123456', 'too many digits'],
    ['12345678.90123456', 'too many digits'],
    ['{"a":'.repeat(13) + '1' + '}'.repeat(13), 'nested deeper than 12 levels'],
    [`[${'1,'.repeat(399)}1]`, 'more than 400 values'],
    ['1234567890123456', 'too many digits'],
    ['1.00000000000000001', 'too many digits'],
    ['['.repeat(13) + ']'.repeat(13), 'nested deeper than 12 levels'],
    [`[${'1,'.repeat(400)}1]`, 'more than 400 values'],
    [`"${'a'.repeat(MAX_CALLBACK_BYTES)}"`, 'longer than 16384 bytes'],
  ])('refuses %.40s, where JSON.parse() does not', (json, reason) => {
    expect(() => JSON.parse(json) as unknown).not.toThrow();
    expect(() => parse(json)).toThrow(reason);
  });

  it('leaves out a byte order mark, and refuses what is no UTF-8', () => {
    expect(parse('\ufeff{}')).toEqual({});
    expect(() => parse('\ufeff\ufeff{}')).toThrow('not JSON');
    expect(() => parseStrictJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toThrow('not UTF-8');
    expect(() => parseStrictJson(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toThrow('not UTF-8');
  });

  it('reads whatever JSON.stringify() writes, as far as it is in measure', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const json = JSON.stringify(value);
        let read: unknown;
        try {
          read = parse(json);
        } catch (error) {
          expect((error as Error).message).not.toContain('not JSON');
          return;
        }
        expect(read).toStrictEqual(JSON.parse(json));
      }),
    );
  });
});
