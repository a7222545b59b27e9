import type { Rule } from './rule.js';

export const dateRule: Rule = (value) =>
  value instanceof Date && !Number.isNaN(value.getTime()) ? null : 'must be a valid Date';
