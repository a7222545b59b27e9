import { parseStkCallback } from '../../../lib/callback/parse-stk-callback.js';
import { StkCallbackError } from '../../../lib/callback/stk-callback.error.js';
import { body, item, ITEMS, METADATA, withItems } from './callback-body.js';

describe('metadata of a callback', () => {
  it('is read by name, in any order, with unknown items among them', () => {
    const shuffled = [item('Balance'), ...[...ITEMS].reverse(), item('Extra', { deep: [1] })];

    expect(parseStkCallback(withItems(...shuffled)).metadata).toStrictEqual(METADATA);
  });

  it.each([
    ['no CallbackMetadata', undefined],
    ['null', null],
    ['no Item', {}],
    ['Item null', { Item: null }],
    ['no items', { Item: [] }],
  ])('may be missing from a success: %s', (_what, CallbackMetadata) => {
    const callback = parseStkCallback(body({ CallbackMetadata }));

    expect(callback.resultCode).toBe('0');
    expect(callback.metadata).toStrictEqual({});
  });

  it.each([
    ['text', 'Amount=1'],
    ['a list', ITEMS],
    ['Item as an object', { Item: ITEMS[0] }],
    ['Item as text', { Item: 'Amount' }],
    ['items that are no objects', { Item: [1] }],
    ['null among the items', { Item: [...ITEMS, null] }],
    ['an item without a Name', { Item: [{ Value: 1 }] }],
    ['a Name that is no text', { Item: [{ Name: 1, Value: 1 }] }],
    ['a Name without end', { Item: [item('x'.repeat(65), 1)] }],
    ['a value without end', { Item: [item('Amount', '1'.repeat(257))] }],
    ['items without end', { Item: Array.from({ length: 33 }, (_, i) => item(`Item${i}`)) }],
    ['the same Name twice', { Item: [...ITEMS, item('Amount', 100)] }],
    ['the same unknown Name twice', { Item: [item('Extra'), item('Extra')] }],
  ])('refuses %s', (_what, CallbackMetadata) => {
    expect(() => parseStkCallback(body({ CallbackMetadata }))).toThrow(StkCallbackError);
  });

  it.each([
    [1, 1],
    [0.1, 0.1],
    ['100.00', '100.00'],
    ['1e2', '1e2'],
  ])('keeps the amount %p as it came', (value, expected) => {
    expect(parseStkCallback(withItems(item('Amount', value))).metadata.amount).toBe(expected);
  });

  it.each([
    ['Amount', [null, '', '1 00', '100\u0000', '1'.repeat(33), true, [], {}, Infinity, NaN]],
    ['MpesaReceiptNumber', [null, '', 1, 'UE4J S31', 'UE4J\u0000', {}, 'x'.repeat(33)]],
    ['PhoneNumber', [null, '', 1.5, 'Jane', {}, '2547\n12']],
    ['Balance', [null, '200', '{Amount={BasicAmount=50.5}}', {}, Infinity]],
  ])('leaves %s out where it is in no form that Daraja sends', (name, values) => {
    for (const value of values) {
      expect(parseStkCallback(withItems(item(name, value))).metadata).toStrictEqual({});
    }
    expect(parseStkCallback(withItems(item(name))).metadata).toStrictEqual({});
  });

  it.each([
    [254712345678, '254712345678'],
    ['254712345678', '254712345678'],
    ['254708***430', '254708***430'],
    ['2547 ***** 126', '2547 ***** 126'],
  ])('takes the phone number %p', (value, expected) => {
    const { phoneNumber } = parseStkCallback(withItems(item('PhoneNumber', value))).metadata;

    expect(phoneNumber).toBe(expected);
  });

  it('takes a balance that is a number', () => {
    expect(parseStkCallback(withItems(item('Balance', 50.5))).metadata).toEqual({ balance: 50.5 });
  });
});
