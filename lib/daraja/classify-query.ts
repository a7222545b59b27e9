import { cleanJson, cleanText } from '../redaction/clean-text.js';
import type { DarajaFailure, QueryAnswer } from './daraja-answer.js';
import { asObject, asText, parseErrorBody, parseJsonBody } from './error-body.js';
import type { JsonBody } from './error-body.js';
import { isSuccess } from './http-result.js';
import type { HttpResult } from './http-result.js';
import { isInvalidToken } from './invalid-token.js';
import { transportFailure } from './transport-failure.js';

/**
 * What Daraja says about a push. No error body is proof of anything: Daraja was recorded to answer
 * with one for payments that were already final, and for ids asked about too soon.
 * @param checkoutRequestId the one asked about; an answer about another is none
 */
export function classifyQuery(result: HttpResult, checkoutRequestId: string): QueryAnswer {
  if (result.kind === 'failure') return { ...transportFailure(result), raw: null };
  const body = parseJsonBody(result.text);
  if (body && isSuccess(result.status) && isAbout(body, checkoutRequestId)) {
    const resultCode = asText(body.ResultCode);
    const resultDesc = cleanText(asText(body.ResultDesc));
    if (asText(body.ResponseCode) === '0' && resultCode !== '') {
      return { outcome: 'answered', resultCode, resultDesc, raw: body };
    }
  }
  const failure = parseErrorBody(result, body);
  return { outcome: unanswered(failure), failure, raw: asObject(cleanJson(body)) };
}

function unanswered(failure: DarajaFailure): 'unauthorised' | 'throttled' | 'unanswered' {
  if (isInvalidToken(failure)) return 'unauthorised';
  const spikeArrest = failure.httpStatus === 429 || /spike arrest/i.test(failure.errorMessage);
  return spikeArrest ? 'throttled' : 'unanswered';
}

const isAbout = (body: JsonBody, checkoutRequestId: string): boolean =>
  body.CheckoutRequestID === undefined || asText(body.CheckoutRequestID) === checkoutRequestId;
