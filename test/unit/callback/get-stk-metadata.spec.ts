import { getStkMetadata } from '../../../lib/callback/get-stk-metadata.js';
import { parseStkCallback } from '../../../lib/callback/parse-stk-callback.js';
import { StkCallbackError } from '../../../lib/callback/stk-callback.error.js';
import { body, METADATA } from './callback-body.js';

describe('getStkMetadata', () => {
  it('reads a body, and what parseStkCallback() made of it', () => {
    expect(getStkMetadata(body())).toStrictEqual(METADATA);
    expect(getStkMetadata(parseStkCallback(body()))).toStrictEqual(METADATA);
    expect(getStkMetadata(body({ ResultCode: 1032, CallbackMetadata: undefined }))).toEqual({});
  });

  it.each([[null], [undefined], ['text'], [{}], [{ metadata: {} }]])('refuses %p', (value) => {
    expect(() => getStkMetadata(value)).toThrow(StkCallbackError);
  });
});
