interface ResultTexts {
  callback: string;
  /** Where the query was seen to word it otherwise. */
  query?: string;
}

// From the M-Pesa Express page of the Daraja 3.0 portal and from recorded calls. The wording of one
// code differs between callback and query on purpose: Daraja's does.
const RESULT_TEXTS: Record<string, ResultTexts> = {
  '0': { callback: 'The service request is processed successfully.' },
  '1': { callback: 'The balance is insufficient for the transaction.' },
  '17': { callback: 'Rule limited.' },
  '1019': { callback: 'Transaction has expired' },
  '1025': { callback: 'An error occurred while sending a push request.' },
  '1031': { callback: 'Request cancelled by user' },
  '1032': { callback: 'Request cancelled by user', query: 'Request Cancelled by user.' },
  '1036': { callback: '[STK_CB - ]SMSC ACK timeout.' },
  '1037': { callback: 'No response from user.', query: 'DS timeout user cannot be reached.' },
  '2001': { callback: 'The initiator information is invalid.' },
  '2028': { callback: 'The request is not permitted according to product assignment.' },
  '4999': { callback: 'The transaction is still under processing' },
  '8006': { callback: 'The security credential is locked.' },
  SFC_IC0003: { callback: 'The operator does not exist.' },
};

/** Daraja's usual text for a result code; something vague for a code that we have no text for. */
export const resultText = (code: number | string, channel: 'callback' | 'query'): string => {
  const texts = RESULT_TEXTS[String(code)];
  if (!texts) return 'An error occurred while processing the request.';
  return channel === 'query' ? (texts.query ?? texts.callback) : texts.callback;
};
