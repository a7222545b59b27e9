import type { ResultCodeDescription } from './result-codes.types.js';

type Entry = Omit<ResultCodeDescription, 'meaning'>;
type CustomerMessage = ResultCodeDescription['customerMessage'];

const OUR_FAULT: CustomerMessage = {
  en: 'This payment cannot be made because of a problem on our side. Please contact us.',
  sw: 'Malipo haya hayawezi kufanyika kwa sababu ya hitilafu upande wetu. Tafadhali wasiliana nasi.',
};

const CANCELLED: CustomerMessage = {
  en: 'The payment was cancelled. Please try again if you still wish to pay.',
  sw: 'Malipo yameghairiwa. Tafadhali jaribu tena ukipenda kulipa.',
};

const NOT_REACHED: CustomerMessage = {
  en: 'Your phone could not be reached, or the request was not answered. Please check that it is on and try again.',
  sw: 'Simu yako haikupatikana, au ombi halikujibiwa. Tafadhali hakikisha imewashwa kisha ujaribu tena.',
};

/** For codes that decide nothing. */
export const STILL_CHECKING: CustomerMessage = {
  en: 'We are still checking your payment. Please do not pay again yet.',
  sw: 'Bado tunakagua malipo yako. Tafadhali usilipe tena kwa sasa.',
};

const ACCOUNT_STATE = 'State, limit or registration of an account.';

/** A code that somebody reports without a record of a call: described, but it decides nothing. */
const claimed = (code: string, reason: Entry['reason'], title: string): Entry => ({
  code,
  reason,
  title,
  actor: 'nobody',
  retryable: false,
  customerMessage: STILL_CHECKING,
  evidence: 'claimed',
});

/**
 * Daraja's result codes. `official`: the table of the Daraja 3.0 portal (1001: the Daraja 2.0 error
 * guide). `observed`: a recorded call.
 */
export const RESULT_CODES: readonly Entry[] = [
  {
    code: '0',
    reason: 'unknown',
    title: 'The service request is processed successfully.',
    actor: 'nobody',
    retryable: false,
    customerMessage: {
      en: 'We have received your payment. Thank you.',
      sw: 'Tumepokea malipo yako. Asante.',
    },
    evidence: 'official',
  },
  {
    code: '1',
    reason: 'insufficient-funds',
    title: 'The balance is insufficient for the transaction.',
    actor: 'customer',
    retryable: true,
    customerMessage: {
      en: 'Your M-Pesa balance is not enough for this payment. Please top up and try again.',
      sw: 'Salio lako la M-Pesa halitoshi kwa malipo haya. Tafadhali ongeza pesa kisha ujaribu tena.',
    },
    evidence: 'official',
  },
  {
    code: '2',
    reason: 'limit',
    title: 'Declined due to limit rule: less than the minimum transaction amount.',
    actor: 'developer',
    retryable: false,
    customerMessage: {
      en: 'This amount is too small for M-Pesa.',
      sw: 'Kiasi hiki ni kidogo mno kwa M-Pesa.',
    },
    evidence: 'official',
  },
  {
    code: '3',
    reason: 'limit',
    title: 'Declined due to limit rule: greater than the maximum transaction amount.',
    actor: 'merchant',
    retryable: false,
    customerMessage: {
      en: 'This amount is above the M-Pesa limit for one payment. Please pay a smaller amount.',
      sw: 'Kiasi hiki kimezidi kikomo cha M-Pesa kwa muamala mmoja. Tafadhali lipa kiasi kidogo zaidi.',
    },
    evidence: 'official',
  },
  {
    code: '4',
    reason: 'limit',
    title: 'Declined due to limit rule: would exceed the daily transfer limit.',
    actor: 'customer',
    retryable: true,
    retryAfterMs: 24 * 60 * 60 * 1000,
    customerMessage: {
      en: 'You have reached your M-Pesa limit for the day. Please try again tomorrow.',
      sw: 'Umefikia kikomo chako cha M-Pesa cha siku. Tafadhali jaribu tena kesho.',
    },
    evidence: 'official',
  },
  {
    code: '8',
    reason: 'limit',
    title: "Declined due to limit rule: would exceed the receiver's maximum balance.",
    actor: 'merchant',
    retryable: false,
    customerMessage: {
      en: 'We cannot receive this payment at the moment. Please try again later.',
      sw: 'Hatuwezi kupokea malipo haya kwa sasa. Tafadhali jaribu tena baadaye.',
    },
    evidence: 'official',
  },
  {
    code: '17',
    reason: 'duplicate',
    title: 'Rule limited: the same amount from the same customer within two minutes.',
    actor: 'developer',
    retryable: true,
    retryAfterMs: 120_000,
    customerMessage: {
      en: 'A payment of this amount was requested a moment ago. Please wait two minutes and try again.',
      sw: 'Ombi la kiasi hiki limetumwa hivi punde. Tafadhali subiri dakika mbili kisha ujaribu tena.',
    },
    evidence: 'official',
  },
  {
    code: '1001',
    reason: 'subscriber-busy',
    title: 'Unable to lock subscriber, a transaction is already in process.',
    actor: 'customer',
    retryable: true,
    retryAfterMs: 180_000,
    customerMessage: {
      en: 'Another M-Pesa request is open on your phone. Please finish it, wait three minutes and try again.',
      sw: 'Kuna ombi lingine la M-Pesa kwenye simu yako. Tafadhali likamilishe, subiri dakika tatu kisha ujaribu tena.',
    },
    evidence: 'official',
  },
  {
    code: '1019',
    reason: 'timeout',
    title: 'Transaction has expired.',
    actor: 'customer',
    retryable: true,
    customerMessage: {
      en: 'The M-Pesa request expired before it was completed. Please try again.',
      sw: 'Muda wa ombi la M-Pesa umeisha kabla halijakamilika. Tafadhali jaribu tena.',
    },
    evidence: 'official',
  },
  {
    code: '1025',
    reason: 'merchant-config',
    title: 'An error occurred while sending a push request: the prompt is over 182 characters.',
    actor: 'developer',
    retryable: false,
    customerMessage: OUR_FAULT,
    evidence: 'official',
  },
  {
    code: '1031',
    reason: 'cancelled',
    title: 'Request cancelled by user.',
    actor: 'customer',
    retryable: true,
    customerMessage: CANCELLED,
    evidence: 'observed',
  },
  {
    code: '1032',
    reason: 'cancelled',
    title: 'Request cancelled by user.',
    actor: 'customer',
    retryable: true,
    customerMessage: CANCELLED,
    evidence: 'official',
  },
  {
    code: '1036',
    reason: 'unreachable',
    title: 'SMSC ACK timeout.',
    actor: 'customer',
    retryable: true,
    customerMessage: NOT_REACHED,
    evidence: 'observed',
  },
  {
    code: '1037',
    reason: 'unreachable',
    title: 'DS timeout, user cannot be reached; or no response from the user.',
    actor: 'customer',
    retryable: true,
    customerMessage: NOT_REACHED,
    evidence: 'official',
  },
  {
    code: '1101',
    reason: 'merchant-config',
    title: 'The prompt is too long.',
    actor: 'developer',
    retryable: false,
    customerMessage: OUR_FAULT,
    evidence: 'observed',
  },
  {
    code: '2001',
    reason: 'wrong-pin',
    title: 'The initiator information is invalid: wrong M-Pesa PIN.',
    actor: 'customer',
    retryable: true,
    customerMessage: {
      en: 'The M-Pesa PIN was not correct. Please try again.',
      sw: 'PIN ya M-Pesa haikuwa sahihi. Tafadhali jaribu tena.',
    },
    evidence: 'official',
  },
  {
    code: '2028',
    reason: 'merchant-config',
    title: 'The request is not permitted according to product assignment: wrong type or PartyB.',
    actor: 'merchant',
    retryable: false,
    customerMessage: OUR_FAULT,
    evidence: 'official',
  },
  {
    code: '4999',
    reason: 'unknown',
    title: 'The transaction is still under processing.',
    actor: 'nobody',
    retryable: false,
    customerMessage: {
      en: 'Your payment is being processed. Please wait.',
      sw: 'Malipo yako yanashughulikiwa. Tafadhali subiri.',
    },
    evidence: 'observed',
  },
  {
    code: '8006',
    reason: 'pin-locked',
    title: 'The security credential is locked: the M-Pesa PIN is blocked.',
    actor: 'customer',
    retryable: false,
    customerMessage: {
      en: 'Your M-Pesa PIN is locked. Please call Safaricom on 100 or 200.',
      sw: 'PIN yako ya M-Pesa imefungwa. Tafadhali piga simu kwa Safaricom kupitia 100 au 200.',
    },
    evidence: 'official',
  },
  {
    code: 'SFC_IC0003',
    reason: 'merchant-config',
    title: 'The operator does not exist, or the receiver party is invalid: wrong type or PartyB.',
    actor: 'merchant',
    retryable: false,
    customerMessage: OUR_FAULT,
    evidence: 'official',
  },
  claimed('26', 'system', 'System busy.'),
  claimed('1102', 'merchant-config', 'The prompt is too long.'),
  claimed('2006', 'unknown', ACCOUNT_STATE),
  claimed('2007', 'merchant-config', "The merchant's own validation refused the payment."),
  claimed('2026', 'unknown', ACCOUNT_STATE),
  claimed('2029', 'unknown', ACCOUNT_STATE),
  claimed('2033', 'unknown', ACCOUNT_STATE),
  claimed('2040', 'unknown', ACCOUNT_STATE),
  claimed('2043', 'unknown', ACCOUNT_STATE),
  claimed('2202', 'unknown', ACCOUNT_STATE),
  claimed('9999', 'system', 'An error occurred while sending a push request.'),
  claimed('TP40087', 'wrong-pin', 'Wrong M-Pesa PIN.'),
  claimed('100000100', 'unknown', 'Not described.'),
];
