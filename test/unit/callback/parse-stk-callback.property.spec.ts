import fc from 'fast-check';
import { parseStkCallback } from '../../../lib/callback/parse-stk-callback.js';
import { StkCallbackError } from '../../../lib/callback/stk-callback.error.js';
import { body, item, ITEMS, METADATA, withItems } from './callback-body.js';

describe('parseStkCallback, whatever it is given', () => {
  // fast-check prints the seed of a run that fails.
  const neverAnythingElse = (value: unknown) => {
    try {
      const callback = parseStkCallback(value);
      expect(typeof callback.checkoutRequestId).toBe('string');
    } catch (error) {
      expect(error).toBeInstanceOf(StkCallbackError);
    }
  };

  it('throws nothing but StkCallbackError for any value', () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true }), neverAnythingElse));
  });

  it('throws nothing but StkCallbackError for any JSON in the place of any part', () => {
    const part = fc.oneof(fc.jsonValue(), fc.constant(undefined));
    const items = fc.array(fc.record({ Name: fc.oneof(part, fc.string()), Value: part }));
    const fields = fc.record(
      {
        MerchantRequestID: part,
        CheckoutRequestID: part,
        ResultCode: part,
        ResultDesc: part,
        CallbackMetadata: fc.oneof(part, fc.record({ Item: fc.oneof(part, items) })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fields, (changed) => {
        neverAnythingElse(body(changed));
      }),
    );
  });

  it('reads the same metadata from any order of the items', () => {
    const all = [...ITEMS, item('Balance')];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (items) => {
        expect(parseStkCallback(withItems(...items)).metadata).toStrictEqual(METADATA);
      }),
    );
  });
});
