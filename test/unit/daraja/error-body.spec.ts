import { parseErrorBody } from '../../../lib/daraja/error-body.js';
import type { HttpAnswer } from '../../../lib/daraja/http-result.js';

const answer = (text: string, status = 500, retryAfter: string | null = null): HttpAnswer => ({
  kind: 'answer',
  status,
  retryAfter,
  text,
});

const parse = (body: unknown, status?: number) =>
  parseErrorBody(answer(typeof body === 'string' ? body : JSON.stringify(body), status));

describe('parseErrorBody', () => {
  it("reads Daraja's own shape", () => {
    expect(
      parse(
        {
          requestId: '9458-79414631-1',
          errorCode: '400.002.02',
          errorMessage: 'Bad Request - Invalid PhoneNumber',
        },
        400,
      ),
    ).toEqual({
      httpStatus: 400,
      errorCode: '400.002.02',
      errorMessage: 'Bad Request - Invalid PhoneNumber',
      requestId: '9458-79414631-1',
      cause: '400.002.02',
      retryAfterMs: null,
    });
  });

  it("reads Apigee's fault, with and without a code", () => {
    expect(
      parse({ fault: { faultstring: 'Too fast', detail: { errorcode: 'policies.ratelimit.X' } } }),
    ).toMatchObject({ errorCode: 'policies.ratelimit.X', errorMessage: 'Too fast' });
    expect(parse({ fault: { faultstring: 'No proxy' } })).toMatchObject({
      errorCode: null,
      errorMessage: 'No proxy',
      cause: 'gateway-fault',
    });
  });

  it('reads the SOAP-like envelope', () => {
    const fault = {
      faultstring: 'Execution failed',
      detail: { source: { errorcode: 'steps.servicecallout.ExecutionFailed' } },
    };
    expect(parse({ Envelope: { Body: { Fault: fault } } }, 503)).toMatchObject({
      errorCode: 'steps.servicecallout.ExecutionFailed',
      errorMessage: 'Execution failed',
    });
  });

  it.each([
    ['', 'empty-body', ''],
    [' \r\n', 'empty-body', ''],
    ['<html><title>Blocked</title></html>', 'html', 'Blocked'],
    ['Request unsuccessful.', 'text', 'Request unsuccessful.'],
    ['{"errorCode":', 'text', '{"errorCode":'],
    ['[]', 'text', '[]'],
    ['null', 'text', 'null'],
    ['{}', 'unexpected-body', ''],
    ['{"fault":"x"}', 'unexpected-body', ''],
    ['{"errorCode":{},"errorMessage":[],"requestId":7}', 'unexpected-body', ''],
  ])('takes %j for %s', (text, cause, errorMessage) => {
    expect(parse(text)).toMatchObject({ cause, errorMessage, errorCode: null });
  });

  it('takes no token, number or line end for a code or an id', () => {
    const { errorCode, requestId, cause } = parse({
      errorCode: 'BJGFGOXv5aZnw90KkA4TDtu4Xdyf',
      requestId: 'a\r\nb',
      errorMessage: 'x',
    });
    expect([errorCode, requestId, cause]).toEqual([null, null, 'unexpected-body']);
    expect(parse({ errorCode: '254708374149' }).errorCode).toBeNull();
  });

  it('hides the phone number in a CheckoutRequestID that serves as request id', () => {
    expect(parse({ requestId: 'ws_CO_230920262019337708374149' }).requestId).toBe(
      'ws_CO_230920262019337***',
    );
  });

  it.each([
    ['12', 12_000],
    ['0', 0],
    [' 30 ', 30_000],
    ['Wed, 21 Oct 2026 07:28:00 GMT', null],
    ['-1', null],
    ['1.5', null],
    ['999999999', null],
  ])('reads Retry-After %j', (retryAfter, expected) => {
    expect(parseErrorBody(answer('', 429, retryAfter)).retryAfterMs).toBe(expected);
  });
});
