import { nairobiStamp } from './nairobi-time.js';
import { resultText } from './result-texts.js';

/**
 * The names that entries of a callback's `CallbackMetadata` have.
 * @publicApi
 */
export type StkCallbackItemName =
  'Amount' | 'MpesaReceiptNumber' | 'Balance' | 'TransactionDate' | 'PhoneNumber';

/**
 * An entry of a callback's `CallbackMetadata`.
 * @publicApi
 */
export interface StkCallbackItem {
  /** Which item it is. */
  Name: StkCallbackItemName;
  /** Left out where Daraja sends none. */
  Value?: number | string;
}

/**
 * The JSON that Daraja posts to the callback URL.
 * @publicApi
 */
export interface StkCallbackBody {
  /** The envelope. */
  Body: {
    /** What the callback says. */
    stkCallback: {
      /** Daraja's id of the request. */
      MerchantRequestID: string;
      /** Daraja's id of the prompt. */
      CheckoutRequestID: string;
      /** 0 is paid; a number as a rule, text at times. */
      ResultCode: number | string;
      /** Daraja's text for it. */
      ResultDesc: string;
      /** The payment; left out where there was none. */
      CallbackMetadata?: { Item: StkCallbackItem[] };
    };
  };
}

/**
 * The ids of a built callback; invented where left out.
 * @publicApi
 */
export interface StkCallbackIds {
  /** Default: one that looks real. */
  merchantRequestId?: string;
  /** Default: one that looks real. */
  checkoutRequestId?: string;
}

/**
 * What the callback of a success says; invented where left out.
 * @publicApi
 */
export interface StkCallbackSuccess extends StkCallbackIds {
  /** KES; Daraja was seen to send `100` and `100.00`. Default 1. */
  amount?: number | string;
  /** Default `UE4JS31RBV`. */
  receipt?: string;
  /** When the customer paid; default 2026-05-04 21:04:28 in Nairobi. */
  paidAt?: Date;
  /**
   * Sent as a number if it is all digits; a masked one as text; null leaves the item out. Default
   * 254708374149.
   */
  phoneNumber?: string | null;
  /** Left out by default; null sends the item without a value, as Daraja often does. */
  balance?: number | string | null;
  /** Default 0, a number; Daraja may send text. */
  resultCode?: number | string;
  /** Default: Daraja's usual text for the code. */
  resultDesc?: string;
}

const DEFAULT_IDS = {
  merchantRequestId: '4ddd-4866-824e-3f944c695ba350353555',
  checkoutRequestId: 'ws_CO_04052026210410237708374149',
};
const DEFAULT_PAID_AT = new Date('2026-05-04T18:04:28Z');

const envelope = (
  ids: StkCallbackIds,
  ResultCode: number | string,
  ResultDesc: string = resultText(ResultCode, 'callback'),
): StkCallbackBody => ({
  Body: {
    stkCallback: {
      MerchantRequestID: ids.merchantRequestId ?? DEFAULT_IDS.merchantRequestId,
      CheckoutRequestID: ids.checkoutRequestId ?? DEFAULT_IDS.checkoutRequestId,
      ResultCode,
      ResultDesc,
    },
  },
});

const success = (payment: StkCallbackSuccess = {}): StkCallbackBody => {
  const { phoneNumber = '254708374149', balance } = payment;
  const Item: StkCallbackItem[] = [
    { Name: 'Amount', Value: payment.amount ?? 1 },
    { Name: 'MpesaReceiptNumber', Value: payment.receipt ?? 'UE4JS31RBV' },
  ];
  if (balance !== undefined) {
    Item.push({ Name: 'Balance', ...(balance === null ? {} : { Value: balance }) });
  }
  const paidAt = (payment.paidAt ?? DEFAULT_PAID_AT).getTime();
  Item.push({ Name: 'TransactionDate', Value: Number(nairobiStamp(paidAt)) });
  if (phoneNumber !== null) {
    const isWhole = /^\d+$/.test(phoneNumber);
    Item.push({ Name: 'PhoneNumber', Value: isWhole ? Number(phoneNumber) : phoneNumber });
  }
  const body = envelope(payment, payment.resultCode ?? 0, payment.resultDesc);
  body.Body.stkCallback.CallbackMetadata = { Item };
  return body;
};

/**
 * Callbacks as Daraja sends them, for unit tests of a callback handler. Shapes and types follow
 * recorded callbacks: a number as result code (text for lettered ones), metadata on success only.
 *
 * ```ts
 * await request(app).post('/stk/callback/…').send(stkCallback.failure(1032, { checkoutRequestId }));
 * ```
 * @publicApi
 */
export const stkCallback = {
  /** The customer paid. */
  success,
  /** The customer did not pay: `resultCode` is a number, or text such as `SFC_IC0003`. */
  failure: (
    resultCode: number | string,
    details: StkCallbackIds & { resultDesc?: string } = {},
  ): StkCallbackBody => envelope(details, resultCode, details.resultDesc),
};
