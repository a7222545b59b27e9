import type { MpesaConfigProblem } from './mpesa-config.error.js';
import type { MpesaModuleExtras } from './mpesa-extras.js';
import { problemsOfExtras } from './mpesa-extras.validation.js';
import { ACCOUNT_OPTIONAL, ACCOUNT_REQUIRED } from './accounts/account-rules.js';
import { problemsOfAccounts } from './accounts/account-validation.js';
import { conflictsOf, surroundingsOf } from './mpesa-options.conflicts.js';
import {
  allowedIpsRule,
  baseUrlRule,
  confirmationRule,
  encryptionKeyRule,
  eventTransportsRule,
  millisecondsRule,
  oneOf,
  portRule,
  previousKeysRule,
  shillingsRule,
  triesRule,
} from './mpesa-options.rules.js';
import { MPESA_VARIABLES } from './mpesa-variables.js';
import type { MpesaModuleOptions } from './mpesa.options.js';
import { callbackUrlRule } from './stk/rules/callback-url.rule.js';
import type { Rule } from './stk/rules/rule.js';

type SectionName = 'callback' | 'reconciliation' | 'http' | 'limits' | 'events' | 'privacy';
type SectionRules = {
  [S in SectionName]: Record<keyof Exclude<MpesaModuleOptions[S], false | undefined>, Rule>;
};
type RequiredName =
  'environment' | 'consumerKey' | 'consumerSecret' | 'shortCode' | 'passKey' | 'callbackUrl';
type OptionalName = Exclude<keyof MpesaModuleOptions, RequiredName | SectionName | 'accounts'>;

const REQUIRED: Record<RequiredName, Rule> = {
  environment: oneOf('sandbox', 'production'),
  ...ACCOUNT_REQUIRED,
  callbackUrl: callbackUrlRule(true),
};

const OPTIONAL: Record<OptionalName, Rule> = {
  transactionType: ACCOUNT_OPTIONAL.transactionType,
  tillNumber: ACCOUNT_OPTIONAL.tillNumber,
  baseUrl: baseUrlRule,
  confirmation: confirmationRule,
  accessTokenStore: portRule('get', 'set', 'delete', 'claim', 'release'),
  rateLimiter: portRule('take', 'block'),
  eventTransports: eventTransportsRule,
  telemetry: portRule('traceparent', 'span', 'count', 'measure', 'observe'),
};

const SECTIONS: SectionRules = {
  callback: { ipPolicy: oneOf('off', 'warn', 'enforce'), allowedIps: allowedIpsRule },
  reconciliation: {
    firstAfterMs: millisecondsRule,
    minIntervalMs: millisecondsRule,
    expireAfterMs: millisecondsRule,
    giveUpAfterMs: millisecondsRule,
  },
  http: {
    connectTimeoutMs: millisecondsRule,
    headersTimeoutMs: millisecondsRule,
    bodyTimeoutMs: millisecondsRule,
    totalTimeoutMs: millisecondsRule,
  },
  limits: { maxAmount: shillingsRule },
  events: { tries: triesRule, firstDelayMs: millisecondsRule },
  privacy: { encryptionKey: encryptionKeyRule, previousKeys: previousKeysRule },
};

type Given = Record<string, unknown>;

/** Everything that is wrong with the options: each by itself first, then what contradicts another. */
export function problemsOfOptions(
  raw: unknown,
  extras: MpesaModuleExtras,
): readonly MpesaConfigProblem[] {
  if (!isObject(raw)) {
    return [{ path: 'options', message: 'must be an object: does the factory return it?' }];
  }
  const problems = [
    ...requiredProblems(raw),
    ...optionalProblems(raw),
    ...Object.entries(SECTIONS).flatMap(([name, rules]) => sectionProblems(name, raw[name], rules)),
    ...unknownProblems(raw, extras),
    ...problemsOfExtras(extras),
  ];
  const wrong = new Set(problems.map(({ path }) => path));
  const usable = (path: string): boolean => !wrong.has(path);
  return [
    ...problems,
    ...conflictsOf(raw, extras, usable),
    ...problemsOfAccounts(raw.accounts, surroundingsOf(raw, usable)),
  ];
}

const requiredProblems = (raw: Given): MpesaConfigProblem[] =>
  Object.entries(REQUIRED).flatMap(([path, rule]) => {
    const value = raw[path];
    const missing = value === undefined || value === null || value === '';
    return problem(path, missing ? 'is missing' : rule(value));
  });

const optionalProblems = (raw: Given): MpesaConfigProblem[] =>
  Object.entries(OPTIONAL).flatMap(([path, rule]) =>
    problem(path, raw[path] === undefined ? null : rule(raw[path])),
  );

/** With the environment variable to look at, where there is one. */
function problem(path: string, message: string | null): MpesaConfigProblem[] {
  if (message === null) return [];
  const variable = (MPESA_VARIABLES as Record<string, string | undefined>)[path];
  return [{ path, message: variable ? `${message} (environment variable ${variable})` : message }];
}

function sectionProblems(
  name: string,
  section: unknown,
  rules: Record<string, Rule>,
): MpesaConfigProblem[] {
  if (section === undefined || (name === 'reconciliation' && section === false)) return [];
  if (!isObject(section)) return [{ path: name, message: 'must be an object' }];
  return Object.entries(section).flatMap(([key, value]) => {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (!rule) return [unknownName(`${name}.${key}`, Object.keys(rules))];
    return problem(`${name}.${key}`, value === undefined ? null : rule(value));
  });
}

function unknownProblems(raw: Given, extras: MpesaModuleExtras): MpesaConfigProblem[] {
  const known = [
    ...Object.keys(REQUIRED),
    ...Object.keys(OPTIONAL),
    ...Object.keys(SECTIONS),
    'accounts',
  ];
  return Object.keys(raw)
    .filter((key) => !known.includes(key))
    .map((key) =>
      Object.hasOwn(extras, key)
        ? { path: key, message: 'belongs beside useFactory, not in what the factory returns' }
        : unknownName(key, known),
    );
}

const unknownName = (path: string, known: readonly string[]): MpesaConfigProblem => ({
  path,
  message: `is not an option; there are ${known.join(', ')}`,
});

const isObject = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
