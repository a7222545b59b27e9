import fc from 'fast-check';
import { classifyQuery } from '../../../lib/daraja/classify-query.js';
import type { QueryAnswer } from '../../../lib/daraja/daraja-answer.js';
import { samples } from './support.js';

const ID = 'ws_CO_191220191020363925';

const classify = (status: number, body: unknown, id = ID): QueryAnswer =>
  classifyQuery(
    {
      kind: 'answer',
      status,
      retryAfter: null,
      text: typeof body === 'string' ? body : JSON.stringify(body),
    },
    id,
  );

const idOf = (payload: unknown): string =>
  (payload as { CheckoutRequestID?: string }).CheckoutRequestID ?? ID;

describe('classifyQuery of recorded answers', () => {
  const recorded = samples('query.');

  it('has the whole table', () => {
    expect(recorded.length).toBe(11);
  });

  it.each(recorded)('$name', ({ text, status, payload }) => {
    const answer = classify(status ?? 500, text, idOf(payload));
    // Some sources noted a few fields of the answer only; on the wire ResponseCode is there.
    const complete = text.includes('"ResponseCode":"0"');
    expect(answer.outcome).toBe(complete ? 'answered' : 'unanswered');
  });

  it.each(recorded.filter(({ text }) => text.includes('ResultCode')))(
    'as it is on the wire: $name',
    ({ payload }) => {
      const answer = classify(200, { ResponseCode: '0', ...(payload as object) }, idOf(payload));
      expect(answer).toMatchObject({
        outcome: 'answered',
        resultCode: (payload as { ResultCode: string }).ResultCode,
      });
    },
  );

  it.each(samples('gateway.'))('$name', ({ text, status }) => {
    const expected = /Access Token/.test(text)
      ? 'unauthorised'
      : status === 429
        ? 'throttled'
        : 'unanswered';
    expect(classify(status ?? 503, text).outcome).toBe(expected);
  });
});

describe('classifyQuery', () => {
  const final = {
    ResponseCode: '0',
    CheckoutRequestID: ID,
    ResultCode: '1032',
    ResultDesc: 'Request\r\ncancelled',
  };

  it('hands over the code as text and the body as it came', () => {
    expect(classify(200, final)).toEqual({
      outcome: 'answered',
      resultCode: '1032',
      resultDesc: 'Request cancelled',
      raw: final,
    });
    expect(classify(200, { ...final, ResultCode: 0 })).toMatchObject({ resultCode: '0' });
    expect(classify(200, { ...final, ResultCode: 'SFC_IC0003' })).toMatchObject({
      resultCode: 'SFC_IC0003',
    });
  });

  it.each<[string, number, unknown]>([
    ['a final code under an error status', 500, final],
    ['another ResponseCode', 200, { ...final, ResponseCode: '1' }],
    ['no ResponseCode', 200, { ...final, ResponseCode: undefined }],
    ['no ResultCode', 200, { ...final, ResultCode: undefined }],
    ['an empty ResultCode', 200, { ...final, ResultCode: '' }],
    ['an object as ResultCode', 200, { ...final, ResultCode: { code: 0 } }],
    ['an answer about another payment', 200, { ...final, CheckoutRequestID: 'ws_CO_other' }],
    ['a page', 200, '<html></html>'],
    ['nothing', 200, ''],
    ['"does not exist"', 500, { errorCode: '500.001.1001', errorMessage: 'does not Exist' }],
  ])('takes %s for no answer', (_name, status, body) => {
    expect(classify(status, body).outcome).toBe('unanswered');
  });

  it('takes a spike arrest for throttled in both shapes', () => {
    const spike = {
      errorCode: '500.003.02',
      errorMessage: 'Error Occurred: Spike Arrest Violation',
    };
    expect(classify(500, spike).outcome).toBe('throttled');
    expect(classify(429, '').outcome).toBe('throttled');
  });

  it('cleans the body of an error', () => {
    const answer = classify(401, {
      errorCode: '401.002.01',
      errorMessage: 'Invalid Access Token - BJGFGOXv5aZnw90KkA4TDtu4Xdyf',
    });
    expect(answer.raw).toEqual({
      errorCode: '401.002.01',
      errorMessage: 'Invalid Access Token - ***',
    });
    expect(classify(503, '<html>').raw).toBeNull();
  });

  it('tells a request that was not sent from one without answer', () => {
    const outcome = (sent: boolean) =>
      classifyQuery({ kind: 'failure', sent, cause: 'connection-reset' }, ID).outcome;
    expect([outcome(false), outcome(true)]).toEqual(['not-sent', 'unknown']);
  });

  it('never throws, and answers nothing by chance', () => {
    const text = fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), text, (status, body) => {
        expect(classify(status, body).outcome).not.toBe('answered');
      }),
    );
  }, 30_000);
});
