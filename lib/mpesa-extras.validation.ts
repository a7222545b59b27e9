import type { MpesaConfigProblem } from './mpesa-config.error.js';
import type { MpesaModuleExtras } from './mpesa-extras.js';
import type { Rule } from './stk/rules/rule.js';

const booleanRule: Rule = (value) => (typeof value === 'boolean' ? null : 'must be true or false');

/** A route of fixed segments; the attempt's own segment is appended. */
const callbackPathRule: Rule = (value) =>
  typeof value === 'string' && /^\/?[A-Za-z0-9_~.-]+(?:\/[A-Za-z0-9_~.-]+)*\/?$/.test(value)
    ? null
    : "must be a route without parameters, such as 'stk/callback'";

const decoratorsRule: Rule = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'function')
    ? null
    : 'must be a list of class decorators, such as [Public()]';

const persistenceRule: Rule = (value) => {
  if (value === undefined) return null;
  const { providers } = (value ?? {}) as { providers?: unknown };
  return Array.isArray(providers)
    ? null
    : 'must be what a persistence function returns, such as inMemoryPersistence()';
};

const RULES: Record<keyof MpesaModuleExtras, Rule> = {
  isGlobal: booleanRule,
  callbackPath: callbackPathRule,
  callbackController: booleanRule,
  controllerDecorators: decoratorsRule,
  persistence: persistenceRule,
  background: booleanRule,
};

/** What is wrong with the extras, each by itself. */
export const problemsOfExtras = (extras: MpesaModuleExtras): MpesaConfigProblem[] =>
  Object.entries(RULES).flatMap(([path, rule]) => {
    const message = rule(extras[path as keyof MpesaModuleExtras]);
    return message === null ? [] : [{ path, message }];
  });
