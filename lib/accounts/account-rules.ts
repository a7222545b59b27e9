import { consumerKeyRule, credentialRule, shortCodeRule } from '../mpesa-options.rules.js';
import { callbackUrlRule } from '../stk/rules/callback-url.rule.js';
import type { Rule } from '../stk/rules/rule.js';
import { transactionTypeRule } from '../stk/rules/transaction-type.rule.js';
import type { MpesaAccount } from './mpesa-account.js';

type RequiredName = 'consumerKey' | 'consumerSecret' | 'shortCode' | 'passKey';

/** What every account has. */
export const ACCOUNT_REQUIRED: Record<RequiredName, Rule> = {
  consumerKey: consumerKeyRule,
  consumerSecret: credentialRule,
  shortCode: shortCodeRule,
  passKey: credentialRule,
};

/** What an account may have. */
export const ACCOUNT_OPTIONAL: Record<Exclude<keyof MpesaAccount, RequiredName>, Rule> = {
  transactionType: transactionTypeRule,
  tillNumber: shortCodeRule,
  callbackUrl: callbackUrlRule(true),
};
