import { admit } from './daraja-gate.js';
import type { FieldChecks } from './daraja-gate.js';
import { darajaResponse } from './daraja-response.builder.js';
import type { EmulatorAccount } from './emulator-account.js';
import type { EmulatorContext } from './emulator-context.js';
import type { AcceptedPush } from './emulator-prompt.js';
import type { EmulatorScenario } from './emulator-scenario.js';
import type { Exchange } from './exchange.js';
import * as field from './field-checks.js';
import { NAMED_ANSWERS } from './named-answers.js';
import { resolveAnswer } from './wire-answer.js';
import type { ResolvedAnswer } from './wire-answer.js';

const PAY_BILL = 'CustomerPayBillOnline';
const BUY_GOODS = 'CustomerBuyGoodsOnline';

const CHECKS: FieldChecks = [
  ['BusinessShortCode', 'BusinessShortCode', field.isShortCode],
  ['Password', 'Password', field.isPassword],
  ['Timestamp', 'Timestamp', field.isTimestamp],
  ['TransactionType', 'TransactionType', (value) => value === PAY_BILL || value === BUY_GOODS],
  ['Amount', 'Amount', field.isAmount],
  ['PartyA', 'PartyA', field.isMsisdn],
  ['PartyB', 'PartyB', field.isShortCode],
  ['PhoneNumber', 'PhoneNumber', field.isMsisdn],
  ['CallBackURL', 'CallBackURL', field.isCallbackUrl],
  ['AccountReference', 'AccountReference', field.isReference],
  ['TransactionDesc', 'Remarks', field.isDescription],
];

/** `POST /mpesa/stkpush/v1/processrequest` */
export const processPush = async (
  exchange: Exchange,
  body: string,
  context: EmulatorContext,
): Promise<void> => {
  const requestId = context.ids.request();
  const admission = admit(exchange, body, CHECKS, requestId, context);
  if (admission.refusal) return exchange.send(admission.refusal);
  const push = pushOf(admission.fields, admission.account);
  if (push.transactionType === BUY_GOODS && admission.account.tillNumber === undefined) {
    return exchange.send(darajaResponse.badRequest('TransactionType', requestId));
  }
  if (context.prompts.isLocked(push.phoneNumber)) {
    return exchange.send(NAMED_ANSWERS['subscriber-locked']({ requestId }));
  }
  return play(exchange, push, context.book.take(push), requestId, context);
};

const play = async (
  exchange: Exchange,
  push: AcceptedPush,
  scenario: EmulatorScenario,
  requestId: string,
  context: EmulatorContext,
): Promise<void> => {
  const { agenda, book, prompts, tokens } = context;
  const script = scenario.push ?? {};
  if (script.revokesTokens) {
    tokens.revokeAll();
    return exchange.send(darajaResponse.invalidAccessToken(requestId));
  }
  const delayMs = book.draw(script.delayMs);
  const isAsked = script.prompts ?? script.answer === undefined;
  if (!isAsked) {
    if (delayMs > 0) await agenda.sleep(delayMs);
    const nobody = {
      id: context.ids.checkoutRequest(agenda.now(), push.phoneNumber),
      merchantRequestId: context.ids.request(),
    };
    return exchange.sendAnswer(answerOf(nobody, script.answer, requestId));
  }
  const entry = prompts.ring(push, scenario);
  const answer = answerOf(entry.view, script.answer, requestId);
  if (script.afterCallback) {
    prompts.play(entry);
    await entry.delivered;
  }
  if (delayMs > 0) await agenda.sleep(delayMs);
  const answered = exchange.sendAnswer(answer).then(() => {
    if (!script.afterCallback) prompts.play(entry);
  });
  agenda.track(answered);
  return answered;
};

const answerOf = (
  prompt: { id: string; merchantRequestId: string },
  answer: NonNullable<EmulatorScenario['push']>['answer'],
  requestId: string,
): ResolvedAnswer => {
  const accepted = darajaResponse.accepted({
    merchantRequestId: prompt.merchantRequestId,
    checkoutRequestId: prompt.id,
  });
  if (answer === undefined) return { reply: accepted, fault: null };
  return resolveAnswer(answer, () => accepted, { requestId });
};

const pushOf = (fields: Record<string, unknown>, account: EmulatorAccount): AcceptedPush => {
  const transactionType = String(fields.TransactionType);
  const partyB = String(fields.PartyB);
  return {
    phoneNumber: String(fields.PhoneNumber),
    amount: Number(fields.Amount),
    merchant: account.merchant ?? 'Demo Shop',
    shortCode: account.shortCode,
    partyB,
    transactionType,
    accountReference: String(fields.AccountReference),
    transactionDesc: String(fields.TransactionDesc),
    callbackUrl: String(fields.CallBackURL),
    misassigned: misassignment(account, transactionType, partyB),
  };
};

/**
 * A type that is not the account's product ends in 2028, another's number as PartyB in SFC_IC0003.
 */
const misassignment = (
  account: EmulatorAccount,
  transactionType: string,
  partyB: string,
): string | number | null => {
  if (account.tillNumber !== undefined && transactionType === PAY_BILL) return 2028;
  return partyB === (account.tillNumber ?? account.shortCode) ? null : 'SFC_IC0003';
};
