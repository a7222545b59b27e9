import { classifyPush } from '../../daraja/classify-push.js';
import { parseErrorBody } from '../../daraja/error-body.js';
import type { HttpAnswer } from '../../daraja/http-result.js';
import { meaningOf, UNKNOWN_ERROR } from './error-meanings.js';
import type { Explanation } from './explanation.js';

const ERROR_CODE = /^(\d{3}\.\d{3}(\.\d+)?|[a-z]+(\.\w+)+)$/i;

/** Whether it is the code of an error body, and not that of a result. */
export const isErrorCode = (code: string): boolean => ERROR_CODE.test(code);

/** What an error body means, or a page of what stands before Daraja. */
export function explainError(text: string): Explanation {
  const answer: HttpAnswer = { kind: 'answer', status: statusOf(text), text, retryAfter: null };
  const { errorCode, errorMessage, requestId, cause } = parseErrorBody(answer);
  const meaning = meaningOf(errorCode ?? cause, errorMessage);
  if (!meaning && cause === 'text') {
    return {
      kind: 'unreadable',
      known: false,
      title: 'Neither a code nor a body of Daraja.',
      advice: 'Give a result code, an error code, or a whole body as it came.',
    };
  }
  const { title, actor, advice, customerMessage, isOfTheToken } = meaning ?? UNKNOWN_ERROR;
  return {
    kind: 'error',
    known: meaning !== null,
    errorCode,
    errorMessage: errorMessage || null,
    requestId,
    title,
    actor,
    advice,
    customerMessage,
    afterAPush: isOfTheToken ? 'nothing was sent' : afterAPush(answer),
    afterAQuery: 'no outcome: ask again later',
  };
}

/** By the rules by which the module itself decides. */
function afterAPush(answer: HttpAnswer): string {
  switch (classifyPush(answer).outcome) {
    case 'unknown':
    case 'busy':
      return 'a phone may have been asked: never send it again';
    case 'unauthorised':
      return 'no phone was asked: once more with a fresh token';
    default:
      return 'no phone was asked';
  }
}

/** A body does not have it: its code begins with it, and what has no such code is of the gateway. */
function statusOf(text: string): number {
  const [, status] = /"(\d{3})\.\d{3}[."]/.exec(text) ?? [];
  const number = Number(status);
  return number >= 400 && number < 600 ? number : 500;
}
