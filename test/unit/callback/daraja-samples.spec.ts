import { readFileSync } from 'node:fs';
import { parseStkCallback } from '../../../lib/callback/parse-stk-callback.js';
import { StkCallbackError } from '../../../lib/callback/stk-callback.error.js';
import { SAMPLE_EXPECTATIONS } from './daraja-samples.table.js';

interface Sample {
  kind: string;
  source: string;
  payload: unknown;
  raw?: string;
}

const samples = JSON.parse(readFileSync('test/fixtures/daraja-samples.json', 'utf8')) as Sample[];

describe('parseStkCallback, given what Daraja has been seen to send', () => {
  it('has an expectation for each of the 78 samples', () => {
    expect(samples).toHaveLength(78);
    expect(SAMPLE_EXPECTATIONS.map(([index, kind]) => [index, kind])).toEqual(
      samples.map(({ kind }, index) => [index, kind]),
    );
    // The whole callbacks among them. The other callback.* samples are single items, tables and headers.
    expect(SAMPLE_EXPECTATIONS.filter(([, , expected]) => expected)).toHaveLength(26);
  });

  it.each(SAMPLE_EXPECTATIONS)('sample %i, %s', (index, _kind, expected) => {
    const { payload, raw } = samples[index]!;
    const forms = raw === undefined ? [payload] : [payload, JSON.parse(raw)];

    for (const form of forms) {
      if (expected) expect(parseStkCallback(form)).toStrictEqual(expected);
      else expect(() => parseStkCallback(form)).toThrow(StkCallbackError);
    }
  });

  describe('single metadata items', () => {
    const variants = samples.filter(({ kind }) => kind === 'callback.success.variant');

    it.each([
      ['{Amount={BasicAmount=50.5}}', {}],
      ['200', {}],
      ['254708***430', { phoneNumber: '254708***430' }],
      ['2023-04-26 12:30:00', {}],
    ])('%s', (value, expected) => {
      const item = variants.find(({ payload }) => (payload as { Value: string }).Value === value);
      const { payload } = samples[0] as { payload: { Body: { stkCallback: object } } };
      const { stkCallback } = payload.Body;
      const body = {
        Body: { stkCallback: { ...stkCallback, CallbackMetadata: { Item: [item!.payload] } } },
      };

      expect(variants).toHaveLength(4);
      expect(parseStkCallback(body).metadata).toStrictEqual(expected);
    });
  });
});
