import type { DarajaReply } from './daraja-response.builder.js';
import { NAMED_ANSWERS } from './named-answers.js';
import type { DarajaAnswerName } from './named-answers.js';

/**
 * What may happen to the connection instead of an answer.
 *
 * - `no-answer`: it stays open and nothing comes.
 * - `reset`: TCP reset before a byte of the answer.
 * - `cut-answer`: closed in the middle of the answer's body.
 * - `stalled-answer`: half of the answer's body, then nothing more.
 * @publicApi
 */
export type ConnectionFault = 'no-answer' | 'reset' | 'cut-answer' | 'stalled-answer';

/**
 * How a call to Daraja is answered: one of Daraja's answers by name, an own one, or a broken
 * connection.
 * @publicApi
 */
export type WireAnswer = DarajaAnswerName | ConnectionFault | DarajaReply;

/** The bytes to write, and how far to get with them. */
export interface ResolvedAnswer {
  reply: DarajaReply;
  fault: ConnectionFault | null;
}

const CONNECTION_FAULTS: readonly string[] = [
  'no-answer',
  'reset',
  'cut-answer',
  'stalled-answer',
] satisfies ConnectionFault[];

const isConnectionFault = (answer: string): answer is ConnectionFault =>
  CONNECTION_FAULTS.includes(answer);

/**
 * `regular` is what Daraja would have said: the part of it that a broken connection lets through.
 */
export const resolveAnswer = (
  answer: WireAnswer,
  regular: () => DarajaReply,
  ids: { requestId: string; checkoutRequestId?: string },
): ResolvedAnswer => {
  if (typeof answer !== 'string') return { reply: answer, fault: null };
  if (isConnectionFault(answer)) return { reply: regular(), fault: answer };
  return { reply: NAMED_ANSWERS[answer](ids), fault: null };
};
