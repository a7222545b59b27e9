import { cleanText } from '../redaction/clean-text.js';
import type { PushAnswer } from './daraja-answer.js';
import { asText, parseErrorBody, parseJsonBody } from './error-body.js';
import type { JsonBody } from './error-body.js';
import { isInvalidToken } from './invalid-token.js';
import { isSuccess } from './http-result.js';
import type { HttpAnswer, HttpResult } from './http-result.js';
import { transportFailure } from './transport-failure.js';

type Refusal = Exclude<PushAnswer['outcome'], 'accepted' | 'not-sent' | 'unknown'>;

interface Rule {
  code: RegExp;
  says?: RegExp;
  outcome: Refusal;
  retryAfterMs?: number;
}

// One code, several meanings; and copies of Safaricom's pages differ in its last part.
const BACKEND = /^500\.001\./;

/** The refusals that are known to mean that no prompt went out, and `busy`, which is none. */
const RULES: readonly Rule[] = [
  { code: /^400\.002\.02$/, outcome: 'refused' },
  { code: /^404\.001\.01$/, outcome: 'refused' },
  { code: /^405\.001$/, outcome: 'refused' },
  { code: /^500\.003\.03$/, outcome: 'refused' },
  { code: /^500\.003\.02$/, says: /spike arrest/i, outcome: 'throttled' },
  { code: /^500\.003\.02$/, says: /system is busy/i, outcome: 'busy' },
  { code: BACKEND, says: /merchant does not exist/i, outcome: 'misconfigured' },
  { code: BACKEND, says: /wrong credentials/i, outcome: 'misconfigured' },
  // Another prompt is live on that phone; Safaricom asks to wait a minute (Daraja 3.0 portal).
  { code: BACKEND, says: /unable to lock subscriber/i, outcome: 'refused', retryAfterMs: 60_000 },
];

/**
 * What became of a push. Whatever is not known for certain is `unknown`: it may have put a prompt on
 * the phone, and must not be sent again.
 */
export function classifyPush(result: HttpResult): PushAnswer {
  if (result.kind === 'failure') return transportFailure(result);
  const body = parseJsonBody(result.text);
  return (body && accepted(result.status, body)) ?? refused(result, body);
}

function accepted(status: number, body: JsonBody): PushAnswer | null {
  if (!isSuccess(status) || asText(body.ResponseCode) !== '0') return null;
  const checkoutRequestId = idOf(body.CheckoutRequestID);
  if (checkoutRequestId === '') return null;
  return {
    outcome: 'accepted',
    merchantRequestId: idOf(body.MerchantRequestID),
    checkoutRequestId,
    customerMessage: cleanText(asText(body.CustomerMessage)),
  };
}

function refused(answer: HttpAnswer, body: JsonBody | null): PushAnswer {
  const failure = parseErrorBody(answer, body);
  // A success, a redirect, a page of the edge: no word of Daraja's about this push.
  if (answer.status < 400 || failure.cause === 'html') return { outcome: 'unknown', failure };
  if (isInvalidToken(failure)) return { outcome: 'unauthorised', failure };
  if (answer.status === 429) return { outcome: 'throttled', failure };
  const rule = RULES.find(
    ({ code, says }) =>
      code.test(failure.errorCode ?? '') && (says?.test(failure.errorMessage) ?? true),
  );
  if (!rule) return { outcome: 'unknown', failure };
  const retryAfterMs = failure.retryAfterMs ?? rule.retryAfterMs ?? null;
  return { outcome: rule.outcome, failure: { ...failure, retryAfterMs } };
}

/** Ids are opaque; only what could not be stored or logged is no id. */
const idOf = (value: unknown): string => {
  const id = typeof value === 'string' ? value.trim() : '';
  return /^[\x21-\x7e]{1,128}$/.test(id) ? id : '';
};
