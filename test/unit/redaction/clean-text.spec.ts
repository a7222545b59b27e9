import fc from 'fast-check';
import { cleanJson, cleanText } from '../../../lib/redaction/clean-text.js';
import { SECRETS } from '../daraja/support.js';

describe('cleanText', () => {
  it.each([
    [
      'Error Occurred - Invalid Access Token - BJGFGOXv5aZnw90KkA4TDtu4Xdyf',
      'Error Occurred - Invalid Access Token - ***',
    ],
    ['no such id ws_CO_230920262019337708374149', 'no such id ***'],
    ['phone 254708374149 and 0712345678 and +254712345678', 'phone *** and *** and ***'],
    ['line\r\nFORGED 2026 entry\u0000\u202e', 'line FORGED 2026 entry'],
    ['<html><body>Bad\n<b>Gateway</b></body></html>', 'Bad Gateway'],
    [
      'Unable to identify proxy for host: secure and url: /mpesa/stkpush/v1/processrequest',
      'Unable to identify proxy for host: secure and url: /mpesa/stkpush/v1/processrequest',
    ],
    [
      'MessageRate{messagesPerPeriod=5, periodInMicroseconds=60000000}',
      'MessageRate{messagesPerPeriod=5, periodInMicroseconds=60000000}',
    ],
    [
      'Incapsula incident ID: 173000240624511593-8199',
      'Incapsula incident ID: 173000240624511593-8199',
    ],
  ])('makes %j into %j', (text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  it('hides what it must wherever it stands', () => {
    const basic = Buffer.from(`${SECRETS.consumerKey}:${SECRETS.consumerSecret}`).toString(
      'base64',
    );
    for (const secret of [SECRETS.token, SECRETS.passKey, SECRETS.consumerKey, basic]) {
      for (const text of [secret, `Basic ${secret}`, `"${secret}"`, `x=1&t=${secret}&y`]) {
        expect(cleanText(text)).not.toContain(secret.slice(4, 20));
      }
    }
  });

  it('gives one short printable line for any text, and gives it quickly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const line = cleanText(text);
        expect(line.length).toBeLessThanOrEqual(200);
        // eslint-disable-next-line no-control-regex -- what must not be there
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      }),
    );
    for (const hostile of ['<', 'a', '/', '-', ' ', '2547', '</a']) {
      expect(cleanText(hostile.repeat(65_536 / hostile.length)).length).toBeLessThanOrEqual(200);
    }
  }, 30_000);
});

describe('cleanJson', () => {
  it('cleans every text and keeps the rest', () => {
    const token = SECRETS.token;
    expect(cleanJson({ a: [token, 1, null, true], b: { c: `x\n${token}` }, [token]: '' })).toEqual({
      a: ['***', 1, null, true],
      b: { c: 'x ***' },
      '***': '',
    });
  });

  it('ends at what is nested too deeply', () => {
    const deep = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as unknown;
    expect(JSON.stringify(cleanJson(deep))).toBe('[[[[[null]]]]]');
  });
});
