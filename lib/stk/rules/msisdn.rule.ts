import { INVALID_MSISDN, toMsisdn } from '../normalize-msisdn.js';
import type { Rule } from './rule.js';

export const msisdnRule: Rule = (value) => (toMsisdn(value) === null ? INVALID_MSISDN : null);
