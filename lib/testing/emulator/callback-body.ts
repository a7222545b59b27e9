import type { EmulatorPrompt } from './emulator-prompt.js';
import type { CallbackScript } from './emulator-scenario.js';
import { resultText } from './result-texts.js';
import { stkCallback } from './stk-callback.builder.js';
import type { StkCallbackBody, StkCallbackSuccess } from './stk-callback.builder.js';

const BALANCES: Record<NonNullable<CallbackScript['balance']>, number | string | null> = {
  empty: null,
  number: 50.5,
  text: '{Amount={BasicAmount=50.5}}',
};

const PHONES: Record<
  NonNullable<CallbackScript['phoneNumber']>,
  (phoneNumber: string) => string | null
> = {
  full: (phoneNumber) => phoneNumber,
  masked: (phoneNumber) => `${phoneNumber.slice(0, 6)}***${phoneNumber.slice(-3)}`,
  absent: () => null,
};

/** The callback of a prompt that is over, with what the script tells otherwise. */
export const callbackBody = (
  prompt: EmulatorPrompt,
  script: CallbackScript,
  newReceipt: () => string,
): StkCallbackBody => {
  const resultCode = script.resultCode ?? prompt.resultCode ?? 0;
  const truth = script.resultCode === undefined ? prompt.resultDesc : null;
  const ids = {
    merchantRequestId: script.merchantRequestId ?? prompt.merchantRequestId,
    checkoutRequestId: script.checkoutRequestId ?? prompt.id,
    resultDesc: script.resultDesc ?? truth ?? resultText(resultCode, 'callback'),
  };
  if (String(resultCode) !== '0') return stkCallback.failure(resultCode, ids);
  const payment: StkCallbackSuccess = {
    ...ids,
    resultCode,
    amount: script.amount ?? prompt.amount,
    receipt: script.receipt ?? prompt.receipt ?? newReceipt(),
    phoneNumber: PHONES[script.phoneNumber ?? 'full'](prompt.phoneNumber),
  };
  if (prompt.settledAt !== null) payment.paidAt = new Date(prompt.settledAt);
  if (script.balance) payment.balance = BALANCES[script.balance];
  return stkCallback.success(payment);
};
