import fc from 'fast-check';
import { inspect } from 'node:util';
import { classifyPush } from '../../../lib/daraja/classify-push.js';
import type { PushAnswer } from '../../../lib/daraja/daraja-answer.js';
import { samples } from './support.js';

const classify = (status: number, body: unknown, retryAfter: string | null = null): PushAnswer =>
  classifyPush({
    kind: 'answer',
    status,
    retryAfter,
    text: typeof body === 'string' ? body : JSON.stringify(body),
  });

const error = (errorCode: string, errorMessage = '') => ({ errorCode, errorMessage });

/** What each recorded answer must be taken for, by its code or a word of it. */
const EXPECTED: readonly [RegExp, PushAnswer['outcome']][] = [
  [/"ResponseCode":"0"/, 'accepted'],
  [/Wrong credentials|Merchant does not exist/, 'misconfigured'],
  [/Unable to lock subscriber/, 'refused'],
  [/404\.001\.03|401\.002\.01|no apiproduct match found/, 'unauthorised'],
  [/400\.002\.02|500\.003\.03|405\.001|404\.001\.01/, 'refused'],
  [/System is busy/, 'busy'],
  [/[Ss]pike [Aa]rrest/, 'throttled'],
  [/500\.003\.1001|Unable to identify proxy|Envelope|Incapsula|<html/, 'unknown'],
];

describe('classifyPush of recorded answers', () => {
  const recorded = [...samples('push.'), ...samples('gateway.')];

  it('has the whole table', () => {
    expect(recorded.length).toBe(30);
  });

  it.each(recorded)('$name', ({ text, status }) => {
    const expected = EXPECTED.find(([pattern]) => pattern.test(text))?.[1];
    // The tables of the portal leave the status of some errors blank.
    expect(classify(status ?? 500, text).outcome).toBe(expected);
  });
});

describe('classifyPush', () => {
  const accepted = {
    MerchantRequestID: '29115-34620561-1',
    CheckoutRequestID: 'ws_CO_191220191020363925',
    ResponseCode: '0',
    CustomerMessage: 'Success. Request accepted\r\nfor processing',
  };

  it('hands over the ids of an accepted push as they came', () => {
    expect(classify(200, accepted)).toEqual({
      outcome: 'accepted',
      merchantRequestId: '29115-34620561-1',
      checkoutRequestId: 'ws_CO_191220191020363925',
      customerMessage: 'Success. Request accepted for processing',
    });
  });

  it.each<[string, number, unknown]>([
    ['a number as ResponseCode', 200, { ...accepted, ResponseCode: 0 }],
    ['another 2xx', 201, accepted],
    ['no MerchantRequestID', 200, { ...accepted, MerchantRequestID: undefined }],
    ['a byte order mark', 200, `\uFEFF${JSON.stringify(accepted)}`],
  ])('accepts %s', (_name, status, body) => {
    expect(classify(status, body).outcome).toBe('accepted');
  });

  it.each<[string, number, unknown]>([
    ['no CheckoutRequestID', 200, { ...accepted, CheckoutRequestID: undefined }],
    ['an empty CheckoutRequestID', 200, { ...accepted, CheckoutRequestID: ' ' }],
    ['a number as CheckoutRequestID', 200, { ...accepted, CheckoutRequestID: 12 }],
    ['an endless CheckoutRequestID', 200, { ...accepted, CheckoutRequestID: 'x'.repeat(129) }],
    ['a CheckoutRequestID of two lines', 200, { ...accepted, CheckoutRequestID: 'a\nb' }],
    ['another ResponseCode', 200, { ...accepted, ResponseCode: '1' }],
    ['ResponseCode 00', 200, { ...accepted, ResponseCode: '00' }],
    ['ResponseCode false', 200, { ...accepted, ResponseCode: false }],
    ['no ResponseCode', 200, { ...accepted, ResponseCode: undefined }],
    ['an accepting body under an error status', 500, accepted],
    ['an accepting body under a redirect', 302, accepted],
    ['a list', 200, [accepted]],
    ['a page with 200', 200, '<!DOCTYPE html><html>Welcome</html>'],
    ['nothing with 200', 200, ''],
    ['cut JSON', 200, JSON.stringify(accepted).slice(0, -1)],
    ['a refusal with 200', 200, error('400.002.02', 'Bad Request - Invalid Amount')],
    ['an invalid token with 200', 200, error('404.001.03', 'Invalid Access Token')],
    ['a 403 page', 403, '<html>'],
    ['a 403 in JSON', 403, error('403.001.01', 'Forbidden')],
    ['a 401 page', 401, '<html>Invalid Access Token</html>'],
    ['a 401 without words', 401, ''],
    ['a 429 page', 429, '<html>Slow down</html>'],
    ['502', 502, '<html>Bad Gateway</html>'],
    ['504 without body', 504, ''],
    ['500.001.1001 without message', 500, error('500.001.1001')],
    [
      '500.001.1001 being processed',
      500,
      error('500.001.1001', 'The transaction is being processed'),
    ],
    ['500.003.02 without message', 500, error('500.003.02')],
    ['500.003.01, which only one copy prints', 500, error('500.003.01', 'Something')],
    ['400.002.05, of other products', 400, error('400.002.05', 'Invalid Request Payload')],
    ['an error code with more behind it', 400, error('400.002.021')],
    ['the text of a refusal without its code', 500, error('', 'Merchant does not exist')],
    ['the text of a refusal under another code', 500, error('500.003.1001', 'Wrong credentials')],
    ['Spike Arrest under another code', 500, error('500.003.1001', 'Spike Arrest Violation')],
  ])('takes %s for unknown', (_name, status, body) => {
    expect(classify(status, body).outcome).toBe('unknown');
  });

  it.each<[string, number, unknown, PushAnswer['outcome']]>([
    [
      'a prefix',
      500,
      error('500.001.1001', '[MerchantValidate] - WRONG CREDENTIALS'),
      'misconfigured',
    ],
    ['a misprinted code', 500, error('500.001.001', 'Merchant does not exist'), 'misconfigured'],
    ['a 429 in JSON', 429, error('429.001.01', 'Too many'), 'throttled'],
    ['a 429 without body', 429, '', 'throttled'],
    ['404.001.03 with 401', 401, error('404.001.03'), 'unauthorised'],
    ['401.003.01', 401, error('401.003.01'), 'unauthorised'],
    ['400.003.01 with 401', 401, error('400.003.01'), 'unauthorised'],
    ['400.003.01 with 400', 400, error('400.003.01'), 'unauthorised'],
    ['an Apigee 401', 401, { fault: { faultstring: 'Invalid ApiKey' } }, 'unauthorised'],
    [
      'an Apigee 401 with a code',
      401,
      {
        fault: {
          faultstring: 'Invalid API call as no apiproduct match found',
          detail: { errorcode: 'keymanagement.service.InvalidAPICallAsNoApiProductMatchFound' },
        },
      },
      'unauthorised',
    ],
  ])('takes %s for what it is', (_name, status, body, outcome) => {
    expect(classify(status, body).outcome).toBe(outcome);
  });

  it('tells how long to wait: what Daraja says now, else what its pages say', () => {
    const lock = error('500.001.1001', 'Unable to lock subscriber, a transaction is …');
    expect(classify(500, lock)).toMatchObject({ failure: { retryAfterMs: 60_000 } });
    expect(classify(500, lock, '90')).toMatchObject({ failure: { retryAfterMs: 90_000 } });
    expect(classify(429, '', '7')).toMatchObject({ failure: { retryAfterMs: 7_000 } });
  });

  it('shows no token that Daraja repeats', () => {
    const token = 'BJGFGOXv5aZnw90KkA4TDtu4Xdyf';
    const answer = classify(401, error('401.002.01', `Invalid Access Token - ${token}`));
    expect(inspect(answer, { depth: null })).not.toContain(token);
  });

  it('takes a failure before the gate for not sent, and any after it for unknown', () => {
    expect(classifyPush({ kind: 'failure', sent: false, cause: 'dns' })).toMatchObject({
      outcome: 'not-sent',
      failure: { cause: 'dns', httpStatus: null },
    });
    expect(classifyPush({ kind: 'failure', sent: true, cause: 'connection-reset' }).outcome).toBe(
      'unknown',
    );
  });

  it('never throws, and accepts nothing by chance', () => {
    const text = fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), text, (status, body) => {
        expect(classify(status, body).outcome).not.toBe('accepted');
      }),
    );
  }, 30_000);

  it('never throws on bodies that resemble those of Daraja', () => {
    const leaf = fc.oneof(fc.jsonValue(), fc.constantFrom('0', '404.001.03', '500.001.1001', 0));
    const keys = ['errorCode', 'errorMessage', 'requestId', 'fault', 'Envelope', 'ResponseCode'];
    const body = fc.dictionary(fc.constantFrom(...keys, 'CheckoutRequestID'), leaf);
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), body, (status, value) => {
        expect(typeof classify(status, value).outcome).toBe('string');
      }),
    );
  }, 30_000);
});
