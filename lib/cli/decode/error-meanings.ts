import { describeResultCode } from '../../daraja/result-codes.js';
import type { ResultCodeDescription } from '../../daraja/result-codes.types.js';

/** What an error of Daraja means, who can do something, and what. */
export interface ErrorMeaning {
  title: string;
  actor: ResultCodeDescription['actor'];
  advice: string;
  customerMessage: ResultCodeDescription['customerMessage'];
  /** An answer to the request for a token: no push was sent by then. */
  isOfTheToken?: true;
}

interface Entry extends ErrorMeaning {
  /** Of Daraja's code, or of the word for an answer that has none. */
  code: RegExp;
  says?: RegExp;
}

const OUR_FAULT = describeResultCode('2028').customerMessage;
const STILL_CHECKING = describeResultCode('').customerMessage;
const PHONE_BUSY = describeResultCode('1001').customerMessage;
const LATER = {
  en: 'M-Pesa is very busy at the moment. Please try again in a few minutes.',
  sw: 'M-Pesa ina shughuli nyingi kwa sasa. Tafadhali jaribu tena baada ya dakika chache.',
};

const ENTRIES: readonly Entry[] = [
  {
    code: /^400\.002\.02$/,
    title: 'A field of the request is refused.',
    actor: 'developer',
    advice:
      'Look at the field that the message names. "Invalid BusinessShortCode" also comes where Content-Type is not application/json.',
    customerMessage: OUR_FAULT,
  },
  {
    code: /^400\.008\.0[12]$/,
    title: 'The request for an access token is refused.',
    actor: 'developer',
    advice: 'Check consumerKey and consumerSecret, and that they are of this environment.',
    customerMessage: OUR_FAULT,
    isOfTheToken: true,
  },
  {
    code: /^(404\.001\.03|400\.003\.01|401\.00[23]\.01)$|apiproduct|^oauth\.|^keymanagement\./i,
    title:
      'The access token is refused: expired, replaced by a newer one, or of another environment.',
    actor: 'merchant',
    advice:
      'If a fresh token does not help, check the environment, and that M-Pesa Express is among the products of the app.',
    customerMessage: OUR_FAULT,
  },
  {
    code: /./,
    says: /no apiproduct match found/i,
    title: 'The app does not have this product.',
    actor: 'merchant',
    advice: 'Add M-Pesa Express to the app on the Daraja portal.',
    customerMessage: OUR_FAULT,
  },
  {
    code: /^40[45]\.001(\.01)?$/,
    title: 'Daraja has nothing at this address, or not for this method.',
    actor: 'developer',
    advice: 'Check baseUrl and what stands between this host and Daraja.',
    customerMessage: OUR_FAULT,
  },
  {
    code: /^500\.001\./,
    says: /merchant does not exist/i,
    title: 'The shortcode is unknown.',
    actor: 'merchant',
    advice:
      'Use the shortcode that you went live with; for a till the store or head-office number, together with tillNumber.',
    customerMessage: OUR_FAULT,
  },
  {
    code: /^500\.001\./,
    says: /wrong credentials/i,
    title: 'The password does not fit: shortcode and passkey are not of one pair.',
    actor: 'merchant',
    advice: 'Use the passkey that Safaricom sent for this shortcode and this environment.',
    customerMessage: OUR_FAULT,
  },
  {
    code: /^500\.001\./,
    says: /unable to lock subscriber/i,
    title: 'Another request is open on that phone.',
    actor: 'customer',
    advice: 'Wait a minute at least, and learn the outcome of the open request first.',
    customerMessage: PHONE_BUSY,
  },
  {
    code: /^500\.003\.02$|ratelimit|gateway-fault|unexpected-body/i,
    says: /spike arrest/i,
    title: 'Too many requests in too short a time.',
    actor: 'developer',
    advice: 'Slow down, and try again with growing distance.',
    customerMessage: LATER,
  },
  {
    code: /ratelimit/i,
    title: 'Too many requests.',
    actor: 'developer',
    advice: 'Slow down, and try again with growing distance.',
    customerMessage: LATER,
  },
  {
    code: /^500\.003\.03$/,
    title: 'The quota of the app is used up.',
    actor: 'merchant',
    advice: 'Ask Safaricom for a larger quota; do not try again in a loop.',
    customerMessage: LATER,
  },
  {
    code: /^500\.003\.02$/,
    title: 'Daraja is busy.',
    actor: 'nobody',
    advice: 'Leave the attempt to be settled by its callback or a query.',
    customerMessage: STILL_CHECKING,
  },
  {
    code: /^500\.003\.1001$/,
    title: 'An error inside Daraja.',
    actor: 'nobody',
    advice: 'Leave the attempt to be settled by its callback or a query.',
    customerMessage: STILL_CHECKING,
  },
  {
    code: /^500\.001\./,
    title: 'One code with several meanings, told apart by the message: give the whole body.',
    actor: 'nobody',
    advice: 'Without a message that is known, take the outcome as unknown.',
    customerMessage: STILL_CHECKING,
  },
  {
    code: /^html$|^text$/,
    says: /incapsula|imperva|access denied|forbidden|\b403\b/i,
    title: 'A page of what stands before Daraja: it refuses this host, or thinks it a robot.',
    actor: 'merchant',
    advice:
      "Ask from a host whose address is let in; give Safaricom's support the incident's number.",
    customerMessage: STILL_CHECKING,
  },
  {
    code: /^html$/,
    title: 'A page of what stands before Daraja, not an answer of Daraja.',
    actor: 'nobody',
    advice: 'Leave the attempt to be settled by its callback or a query.',
    customerMessage: STILL_CHECKING,
  },
];

/** For what nobody has described. */
export const UNKNOWN_ERROR: ErrorMeaning = {
  title: 'Not in the catalogue.',
  actor: 'nobody',
  advice: "Take the outcome as unknown, and give Safaricom's support the requestId.",
  customerMessage: STILL_CHECKING,
};

/** What the catalogue has of an error; null where it has nothing. */
export const meaningOf = (code: string, message: string): ErrorMeaning | null =>
  ENTRIES.find((entry) => entry.code.test(code) && (entry.says?.test(message) ?? true)) ?? null;
