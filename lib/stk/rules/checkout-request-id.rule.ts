import type { Rule } from './rule.js';

/** Daraja's id of a prompt. Its form has changed often; what logs show of it has stars for the number. */
export const checkoutRequestIdRule: Rule = (value) => {
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(value)) {
    return 'must be the CheckoutRequestID of a push: 1 to 128 characters without spaces, such as ws_CO_2709202612000007';
  }
  return value.includes('*')
    ? 'is masked, as in logs and of attempts that were purged: give the whole one'
    : null;
};
