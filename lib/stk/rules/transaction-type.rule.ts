import type { Rule } from './rule.js';

/** The two that Daraja knows (Daraja 3.0 portal, M-Pesa Express page). */
const TRANSACTION_TYPES: readonly unknown[] = ['CustomerPayBillOnline', 'CustomerBuyGoodsOnline'];

export const transactionTypeRule: Rule = (value) =>
  TRANSACTION_TYPES.includes(value)
    ? null
    : "must be 'CustomerPayBillOnline' or 'CustomerBuyGoodsOnline'";
