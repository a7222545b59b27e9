import { parseStkCallback } from '../../callback/parse-stk-callback.js';
import { parseStrictJson } from '../../callback/strict-json.js';
import { StkCallbackError } from '../../callback/stk-callback.error.js';
import { cleanText } from '../../redaction/clean-text.js';
import { maskCheckoutRequestId } from '../../redaction/mask-checkout-request-id.js';
import { maskMsisdn } from '../../redaction/mask-msisdn.js';
import { explainResultCode } from './explain-result-code.js';
import type { Explanation } from './explanation.js';

/** Read as strictly as the callback route reads. */
export function explainCallback(text: string): Explanation {
  try {
    const callback = parseStkCallback(parseStrictJson(Buffer.from(text)));
    const { amount, receipt, paidAt, phoneNumber } = callback.metadata;
    return {
      ...explainResultCode('callback', callback.resultCode),
      resultDesc: cleanText(callback.resultDesc),
      merchantRequestId: callback.merchantRequestId,
      checkoutRequestId: maskCheckoutRequestId(callback.checkoutRequestId),
      amount,
      receipt,
      paidAt,
      phoneNumber: phoneNumber && maskMsisdn(phoneNumber),
    };
  } catch (error) {
    if (!(error instanceof StkCallbackError)) throw error;
    return {
      kind: 'callback',
      known: false,
      title: `Not a callback that counts: ${error.problem}.`,
      advice: 'The callback route answers it 200 and puts it into quarantine.',
    };
  }
}
