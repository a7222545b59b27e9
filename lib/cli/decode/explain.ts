import { asObject, parseJsonBody } from '../../daraja/error-body.js';
import { maskCheckoutRequestId } from '../../redaction/mask-checkout-request-id.js';
import { explainCallback } from './explain-callback.js';
import { explainError, isErrorCode } from './explain-error.js';
import { explainResultCode } from './explain-result-code.js';
import type { Explanation } from './explanation.js';

const CODE = /^"?([\w.-]{1,40})"?$/;

/** Finds out what a text is, and says what Daraja means by it. Never throws. */
export function explain(given: string): Explanation {
  const text = given.trim();
  const [, code] = CODE.exec(text) ?? [];
  if (code !== undefined) {
    return isErrorCode(code)
      ? explainError(JSON.stringify({ errorCode: code }))
      : explainResultCode('result-code', code);
  }
  const body = parseJsonBody(text);
  if (body === null) return explainError(text);
  if (asObject(asObject(body.Body)?.stkCallback)) return explainCallback(text);
  if (isCode(body.ResultCode)) return explainResultCode('query-answer', body.ResultCode);
  if (String(body.ResponseCode) === '0' && typeof body.CheckoutRequestID === 'string') {
    return {
      kind: 'push-answer',
      known: true,
      title: 'The push was accepted: the phone is asked. This is no payment yet.',
      checkoutRequestId: maskCheckoutRequestId(body.CheckoutRequestID),
    };
  }
  return explainError(text);
}

const isCode = (value: unknown): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && value !== '');
