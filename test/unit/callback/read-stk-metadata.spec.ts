import { parseStkCallback } from '../../../lib/callback/parse-stk-callback.js';
import { StkCallbackError } from '../../../lib/callback/stk-callback.error.js';
import { body, item, ITEMS, METADATA, withItems } from './callback-body.js';

const manyItems = (length: number) => Array.from({ length }, (_, i) => item(`Item${i}`));
const TWICE = 'two metadata items have the same Name';

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
    ['text', 'Amount=1', 'CallbackMetadata must be an object'],
    ['a list', ITEMS, 'CallbackMetadata must be an object'],
    ['Item as an object', { Item: ITEMS[0] }, 'CallbackMetadata.Item must be a list'],
    ['Item as text', { Item: 'Amount' }, 'CallbackMetadata.Item must be a list'],
    ['items that are no objects', { Item: [1] }, 'a metadata item must be an object'],
    ['null among the items', { Item: [...ITEMS, null] }, 'a metadata item must be an object'],
    ['an item without a Name', { Item: [{ Value: 1 }] }, 'a metadata item has no usable Name'],
    ['a Name that is no text', { Item: [{ Name: 1 }] }, 'a metadata item has no usable Name'],
    ['a long Name', { Item: [item('x'.repeat(65), 1)] }, 'a metadata item has no usable Name'],
    [
      'a long value',
      { Item: [item('A', '1'.repeat(257))] },
      'a metadata value is longer than 256 characters',
    ],
    ['many items', { Item: manyItems(33) }, 'more than 32 metadata items'],
    ['the same Name twice', { Item: [...ITEMS, item('Amount', 100)] }, TWICE],
    ['the same unknown Name twice', { Item: [item('Extra'), item('Extra')] }, TWICE],
  ])('refuses %s', (_what, CallbackMetadata, problem) => {
    expect(() => parseStkCallback(body({ CallbackMetadata }))).toThrow(
      expect.objectContaining({ name: StkCallbackError.name, problem }) as Error,
    );
  });

  it('takes what is just not too long or too many', () => {
    const Item = [...manyItems(30), item('x'.repeat(64)), item('Amount', '1'.repeat(32))];
    expect(parseStkCallback(body({ CallbackMetadata: { Item } })).metadata).toStrictEqual({
      amount: '1'.repeat(32),
    });
    const long = { Item: [item('A', '1'.repeat(256))] };
    expect(parseStkCallback(body({ CallbackMetadata: long })).metadata).toStrictEqual({});
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
