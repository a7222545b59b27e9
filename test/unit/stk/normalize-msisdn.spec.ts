import fc from 'fast-check';
import { getExampleNumber, parsePhoneNumber, getCountries } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { normalizeMsisdn } from '../../../lib/stk/normalize-msisdn.js';
import { StkInvalidInputError } from '../../../lib/stk/stk.errors.js';

const accepted: [string, string][] = [
  ['0712345678', '254712345678'],
  ['0112345678', '254112345678'],
  ['712345678', '254712345678'],
  ['112345678', '254112345678'],
  ['+254712345678', '254712345678'],
  ['+254112345678', '254112345678'],
  ['254712345678', '254712345678'],
  ['254181000001', '254181000001'],
  ['0712 345 678', '254712345678'],
  ['+254 712-345-678', '254712345678'],
  [' 0712345678 ', '254712345678'],
  ['0712  345 - 678', '254712345678'],
];

const refused: [string, unknown][] = [
  ['nothing', ''],
  ['a blank', ' '],
  ['a landline', '0202345678'],
  ['a landline with its country', '+254202345678'],
  ['a toll-free number', '0800723253'],
  ['Uganda', '+256712345678'],
  ['Tanzania', '255712345678'],
  ['the United States', '+17123456789'],
  ['a digit too many', '07123456789'],
  ['a digit too few', '071234567'],
  ['a digit too many after the country', '2547123456789'],
  ['the country and a zero', '2540712345678'],
  ['the country twice', '254254712345678'],
  ['the international prefix', '00254712345678'],
  ['a plus before a local number', '+0712345678'],
  ['a plus before a bare number', '+712345678'],
  ['a plus in the middle', '254+712345678'],
  ['two pluses', '++254712345678'],
  ['letters', '0712ABC678'],
  ['the letter O', 'O712345678'],
  ['parentheses', '(0712) 345678'],
  ['dots', '0712.345.678'],
  ['a slash', '0712/345678'],
  ['Arabic digits', '٠٧١٢٣٤٥٦٧٨'],
  ['full-width digits', '\uff10\uff17\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18'],
  ['one Devanagari digit', '071234567८'],
  ['a no-break space', '0712\u00a0345678'],
  ['a zero-width space', '0712\u200b345678'],
  ['a direction mark', '\u202a0712345678'],
  ['a tab', '0712\t345678'],
  ['a newline at the end', '0712345678\n'],
  ['a newline in it', '0712345678\n0712345679'],
  ['an en dash', '0712–345678'],
  ['a hyphen before it', '-0712345678'],
  ['a hyphen after it', '0712345678-'],
  ['an extension', '0712345678 ext 1'],
  ['an exponent', '7.12345678e8'],
  ['a masked number', '2547*****678'],
  ['a very long text', `0712345678${' '.repeat(100_000)}`],
  ['a number', 254712345678],
  ['undefined', undefined],
  ['null', null],
  ['a list', ['0712345678']],
  ['an object with toString', { toString: () => '0712345678' }],
];

const attempt = (input: unknown): string | null => {
  try {
    return normalizeMsisdn(input as string);
  } catch (error) {
    expect(error).toBeInstanceOf(StkInvalidInputError);
    return null;
  }
};

describe('normalizeMsisdn', () => {
  it.each(accepted)('writes %j as %s', (input, msisdn) => {
    expect(normalizeMsisdn(input)).toBe(msisdn);
  });

  it.each(refused)('refuses %s', (_, input) => {
    expect(attempt(input)).toBeNull();
  });

  it('says what a number looks like, and does not repeat the one it was given', () => {
    expect(() => normalizeMsisdn('0712 345 67')).toThrow(
      'Invalid input: phoneNumber must be a Kenyan mobile number, such as 0712345678, 0112345678 or +254712345678.',
    );
  });

  it('refuses the mobile numbers of every other country', () => {
    const others = getCountries().filter((country) => country !== 'KE');
    const taken = others.filter((country) => {
      const example = getExampleNumber(country, examples);
      return example && attempt(example.number) !== null;
    });
    expect(others.length).toBeGreaterThan(200);
    expect(taken).toEqual([]);
  });
});

const DIGITS = Array.from('0123456789');
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...DIGITS), minLength: length, maxLength: length });
const subscriber = fc
  .tuple(fc.constantFrom('1', '7'), digits(8))
  .map(([first, rest]) => first + rest);
const separators = fc.array(fc.constantFrom('', ' ', '-'), { minLength: 9, maxLength: 9 });
const spaced = (text: string, gaps: string[]): string =>
  Array.from(text, (digit, index) => digit + (index < 8 ? gaps[index]! : '')).join('');

describe('normalizeMsisdn, whatever it is given', () => {
  it('reads every way of writing one number as the same number', () => {
    fc.assert(
      fc.property(subscriber, separators, (number, gaps) => {
        const written = ['', '0', '254', '+254', '254 ', '+254-'].map(
          (prefix) => prefix + spaced(number, gaps),
        );
        expect(written.map(attempt)).toEqual(written.map(() => `254${number}`));
      }),
    );
  });

  it('changes nothing when applied twice', () => {
    fc.assert(
      fc.property(subscriber, (number) => {
        expect(normalizeMsisdn(normalizeMsisdn(number))).toBe(`254${number}`);
      }),
    );
  });

  it('returns 254 and a mobile number, or refuses: for any text and any mixture of its characters', () => {
    const nearly = fc.string({
      unit: fc.constantFrom(...Array.from('0123457+- .a()')),
      maxLength: 18,
    });
    fc.assert(
      fc.property(
        fc.oneof(nearly, fc.string({ unit: 'binary' }), fc.anything({ maxDepth: 1 })),
        (input) => {
          expect(attempt(input) ?? '254700000000').toMatch(/^254[17][0-9]{8}$/);
        },
      ),
    );
  });

  /** Ranges newer than the library's data have no type there; none may be a landline's or a hotline's. */
  it('accepts only what libphonenumber takes for a Kenyan mobile, or for an unassigned range', () => {
    fc.assert(
      fc.property(subscriber, (number) => {
        const parsed = parsePhoneNumber(`+${normalizeMsisdn(number)}`);
        expect(parsed.countryCallingCode).toBe('254');
        expect(['MOBILE', undefined]).toContain(parsed.getType());
      }),
    );
  });

  it('accepts every number that libphonenumber takes for a Kenyan mobile', () => {
    fc.assert(
      fc.property(digits(9), (number) => {
        const mobile = parsePhoneNumber(`+254${number}`).getType() === 'MOBILE';
        if (mobile) expect(attempt(`+254${number}`)).toBe(`254${number}`);
        else if (!/^[17]/.test(number)) expect(attempt(`+254${number}`)).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});
