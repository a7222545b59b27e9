import { StkCallbackService, type StkAttempt, type StkCallbackReceipt } from '../../lib/index.js';
import { stkCallback, type EmulatorPrompt, type StkCallbackSuccess } from '../../lib/testing.js';
import type { testingApp } from './testing-app.js';

type App = Awaited<ReturnType<typeof testingApp>>;

/** The prompt that a push of an attempt caused, whatever the attempt knows of it. */
export function promptOf({ mpesa }: App, attempt: StkAttempt): EmulatorPrompt {
  const prompt = [...mpesa.emulator.prompts.values()].find(
    ({ accountReference, phoneNumber }) =>
      accountReference === attempt.accountReference && phoneNumber === attempt.phoneNumber,
  );
  if (!prompt) throw new Error('No phone was asked');
  return prompt;
}

/** Has Daraja call back for an attempt: paid where `said` is an object, else with that code. */
export async function callBack(
  app: App,
  attempt: StkAttempt,
  said: number | string | StkCallbackSuccess,
): Promise<StkCallbackReceipt['disposition']> {
  const { id, merchantRequestId, callbackUrl, amount } = promptOf(app, attempt);
  const ids = { checkoutRequestId: id, merchantRequestId };
  const body =
    typeof said === 'object'
      ? stkCallback.success({ amount, ...ids, ...said })
      : stkCallback.failure(said, ids);
  const token = new URL(callbackUrl).pathname.split('/').pop() ?? '';
  const callbacks = app.app.get(StkCallbackService, { strict: false });
  const { disposition } = await callbacks.receive({ token, body });
  await app.mpesa.settleAll();
  return disposition;
}
