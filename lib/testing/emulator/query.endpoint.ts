import { admit } from './daraja-gate.js';
import type { FieldChecks } from './daraja-gate.js';
import { darajaResponse } from './daraja-response.builder.js';
import type { DarajaReply } from './daraja-response.builder.js';
import type { EmulatorContext } from './emulator-context.js';
import { isOver } from './emulator-prompt.js';
import type { EmulatorPrompt, PromptEntry } from './emulator-prompt.js';
import type { QueryAnswerScript } from './emulator-scenario.js';
import type { Exchange } from './exchange.js';
import * as field from './field-checks.js';
import { NAMED_ANSWERS } from './named-answers.js';
import { inTurn } from './scenario-book.js';
import { resolveAnswer } from './wire-answer.js';
import type { ResolvedAnswer } from './wire-answer.js';

const CHECKS: FieldChecks = [
  ['BusinessShortCode', 'BusinessShortCode', field.isShortCode],
  ['Password', 'Password', field.isPassword],
  ['Timestamp', 'Timestamp', field.isTimestamp],
  ['CheckoutRequestID', 'CheckoutRequestID', field.isCheckoutRequestId],
];

const PENDING: readonly QueryAnswerScript[] = ['blank-error', 'under-processing'];
const SETTLED: readonly QueryAnswerScript[] = ['final'];

/** `POST /mpesa/stkpushquery/v1/query` */
export const answerQuery = async (
  exchange: Exchange,
  body: string,
  context: EmulatorContext,
): Promise<void> => {
  const requestId = context.ids.request();
  const admission = admit(exchange, body, CHECKS, requestId, context);
  if (admission.refusal) return exchange.send(admission.refusal);
  const entry = context.prompts.find(String(admission.fields.CheckoutRequestID));
  if (!entry || entry.view.shortCode !== admission.account.shortCode) {
    return exchange.send(NAMED_ANSWERS['does-not-exist']({ requestId }));
  }
  return exchange.sendAnswer(answerOf(entry.view, nextScript(entry), requestId));
};

const nextScript = (entry: PromptEntry): QueryAnswerScript => {
  const { pending = PENDING, settled = SETTLED } = entry.scenario.query ?? {};
  if (isOver(entry.view)) {
    entry.settledQueries += 1;
    return inTurn(settled, entry.settledQueries - 1, 'final');
  }
  entry.pendingQueries += 1;
  return inTurn(pending, entry.pendingQueries - 1, 'under-processing');
};

const answerOf = (
  prompt: EmulatorPrompt,
  script: QueryAnswerScript,
  requestId: string,
): ResolvedAnswer => {
  const result = (resultCode: number | string, resultDesc?: string): DarajaReply =>
    darajaResponse.queryResult({
      merchantRequestId: prompt.merchantRequestId,
      checkoutRequestId: prompt.id,
      resultCode,
      resultDesc,
    });
  // A script may call for the final answer before there is one; then it is what Daraja says too.
  const regular = (): DarajaReply => result(prompt.resultCode ?? 4999);
  if (script === 'under-processing') return { reply: result(4999), fault: null };
  if (script === 'final') return { reply: regular(), fault: null };
  if (typeof script === 'object' && 'resultCode' in script) {
    return { reply: result(script.resultCode, script.resultDesc), fault: null };
  }
  return resolveAnswer(script, regular, { requestId, checkoutRequestId: prompt.id });
};
