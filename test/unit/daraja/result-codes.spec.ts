import fc from 'fast-check';
import { RESULT_CODES } from '../../../lib/daraja/result-codes.catalogue.js';
import { describeResultCode } from '../../../lib/daraja/result-codes.js';

const FINAL = [
  ...['1', '2', '3', '4', '8', '17', '1001', '1019', '1025', '1031', '1032', '1036', '1037'],
  ...['1101', '2001', '2028', '8006', 'SFC_IC0003'],
];
const CLAIMED = [
  ...['26', '1102', '2006', '2007', '2026', '2029', '2033', '2040', '2043', '2202', '9999'],
  ...['TP40087', '100000100'],
];

describe('describeResultCode', () => {
  it('knows each code once', () => {
    const codes = RESULT_CODES.map(({ code }) => code);
    expect([...codes].sort()).toEqual(['0', '4999', ...FINAL, ...CLAIMED].sort());
  });

  it('takes 0 alone for success and 4999 alone for pending', () => {
    const meaning = (wanted: string) =>
      RESULT_CODES.map(({ code }) => describeResultCode(code))
        .filter((description) => description.meaning === wanted)
        .map(({ code }) => code);
    expect(meaning('success')).toEqual(['0']);
    expect(meaning('pending')).toEqual(['4999']);
    expect(meaning('failure').sort()).toEqual([...FINAL].sort());
  });

  it.each(CLAIMED)('lets %s decide nothing, and asks for no new payment', (code) => {
    expect(describeResultCode(code)).toMatchObject({
      meaning: 'unknown',
      evidence: 'claimed',
      retryable: false,
    });
  });

  it.each([
    ['1', 'insufficient-funds'],
    ['4', 'limit'],
    ['17', 'duplicate'],
    ['1001', 'subscriber-busy'],
    ['1019', 'timeout'],
    ['1025', 'merchant-config'],
    ['1032', 'cancelled'],
    ['1037', 'unreachable'],
    ['2001', 'wrong-pin'],
    ['8006', 'pin-locked'],
    ['SFC_IC0003', 'merchant-config'],
  ])('gives %s the reason %s', (code, reason) => {
    expect(describeResultCode(code).reason).toBe(reason);
  });

  it('says how long to wait where Safaricom does', () => {
    expect(describeResultCode(17).retryAfterMs).toBe(120_000);
    expect(describeResultCode(1001).retryAfterMs).toBe(180_000);
    expect(describeResultCode(1032).retryAfterMs).toBeUndefined();
  });

  it.each([
    [0, 'success'],
    ['0', 'success'],
    [' 0\n', 'success'],
    [1032, 'failure'],
    ['1032 ', 'failure'],
    ['00', 'unknown'],
    ['01032', 'unknown'],
    ['1032.0', 'unknown'],
    ['sfc_ic0003', 'unknown'],
    ['', 'unknown'],
    [NaN, 'unknown'],
    ['constructor', 'unknown'],
    ['__proto__', 'unknown'],
  ])('reads %j as %s', (code, meaning) => {
    expect(describeResultCode(code).meaning).toBe(meaning);
  });

  it('has short words for the customer in both languages', () => {
    for (const { code } of RESULT_CODES) {
      const { en, sw } = describeResultCode(code).customerMessage;
      for (const text of [en, sw]) {
        expect(text).toMatch(/^[A-Z].*\.$/);
        expect(text.length).toBeLessThan(130);
      }
      expect(sw).not.toBe(en);
    }
  });

  it('hands out copies', () => {
    describeResultCode('0').customerMessage.en = 'changed';
    expect(describeResultCode('0').customerMessage.en).not.toBe('changed');
  });

  it('describes any code and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.integer()), (code) => {
        expect(describeResultCode(code).code).toBe(String(code).trim());
      }),
    );
  });
});
