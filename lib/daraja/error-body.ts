import { cleanText } from '../redaction/clean-text.js';
import type { DarajaFailure } from './daraja-answer.js';
import type { HttpAnswer } from './http-result.js';

export type JsonBody = Record<string, unknown>;

/** The code of a Daraja or gateway error: `404.001.03`, `policies.ratelimit.SpikeArrestViolation`. */
const ERROR_CODE = /^(?!.*\d{7})([\w.-]{1,20}|[a-z]\w{0,31}(\.\w{1,32}){1,5})$/i;
const REQUEST_ID = /^[\w.-]{1,64}$/;

/** The body as a JSON object; null if it is anything else. */
export function parseJsonBody(text: string): JsonBody | null {
  try {
    return asObject(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return null;
  }
}

/**
 * What an answer that is not a success says, in whichever of the known shapes: Daraja's own
 * `errorCode`, Apigee's `fault`, the SOAP-like `Envelope`, an HTML or text page of the edge, nothing.
 */
export function parseErrorBody(
  answer: HttpAnswer,
  body: JsonBody | null = parseJsonBody(answer.text),
): DarajaFailure {
  const known = {
    httpStatus: answer.status,
    retryAfterMs: secondsToMs(answer.retryAfter),
    errorCode: null,
    requestId: null,
  };
  if (!body) {
    return { ...known, errorMessage: cleanText(answer.text), cause: kindOfText(answer.text) };
  }
  const fault = asObject(body.fault) ?? asObject(asObject(asObject(body.Envelope)?.Body)?.Fault);
  if (fault) {
    const detail = asObject(fault.detail);
    const errorCode = codeOf(detail?.errorcode ?? asObject(detail?.source)?.errorcode);
    const errorMessage = messageOf(fault.faultstring);
    return { ...known, errorCode, errorMessage, cause: errorCode ?? 'gateway-fault' };
  }
  const errorCode = codeOf(body.errorCode);
  return {
    ...known,
    errorCode,
    errorMessage: messageOf(
      body.errorMessage ?? body.ResponseDescription ?? body.ResultDesc ?? body.error_description,
    ),
    requestId: requestIdOf(body.requestId),
    cause: errorCode ?? 'unexpected-body',
  };
}

export function asObject(value: unknown): JsonBody | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonBody)
    : null;
}

/** Text or number as text; `''` for anything else. */
export function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

const codeOf = (value: unknown): string | null => {
  const code = asText(value);
  return ERROR_CODE.test(code) ? code : null;
};

const messageOf = (value: unknown): string => cleanText(asText(value));

/** The query may give the CheckoutRequestID here, which ends in nine digits of a phone number. */
const requestIdOf = (value: unknown): string | null => {
  const id = asText(value);
  return REQUEST_ID.test(id) ? id.replace(/^(ws_CO_\w*)\d{9}$/, '$1***') : null;
};

const kindOfText = (text: string): string => {
  const start = text.trimStart();
  if (start === '') return 'empty-body';
  return start.startsWith('<') ? 'html' : 'text';
};

/** The number form only: the form with a date depends on two clocks. */
const secondsToMs = (retryAfter: string | null): number | null =>
  retryAfter !== null && /^\d{1,5}$/.test(retryAfter.trim()) ? Number(retryAfter) * 1000 : null;
