import type { MpesaConfigProblem } from '../mpesa-config.error.js';
import { identifierRule } from '../stk/rules/identifier.rule.js';
import { accountConflicts, type AccountSurroundings } from './account-conflicts.js';
import { ACCOUNT_OPTIONAL, ACCOUNT_REQUIRED } from './account-rules.js';

/** The name of the account of the top-level options. */
export const DEFAULT_ACCOUNT = 'default';

const FIELDS = [...Object.keys(ACCOUNT_REQUIRED), ...Object.keys(ACCOUNT_OPTIONAL)];

/** Everything that is wrong with the option `accounts`. */
export function problemsOfAccounts(
  accounts: unknown,
  surroundings: AccountSurroundings,
): MpesaConfigProblem[] {
  if (accounts === undefined || typeof accounts === 'function') return [];
  if (!isObject(accounts)) {
    return [
      {
        path: 'accounts',
        message: 'must be an object of accounts by name, or a function of a name',
      },
    ];
  }
  return Object.entries(accounts).flatMap(([name, account]) => {
    const path = `accounts.${name}`;
    if (name === DEFAULT_ACCOUNT) {
      return [{ path, message: 'is the account of the top-level options: choose another name' }];
    }
    const problem = identifierRule(name);
    if (problem !== null) return [{ path, message: `has a name that ${problem}` }];
    return problemsOfAccount(account, surroundings).map((found) => ({
      path: found.path === '' ? path : `${path}.${found.path}`,
      message: found.message,
    }));
  });
}

/** Everything that is wrong with one account; the path is empty where it is none at all. */
export function problemsOfAccount(
  raw: unknown,
  surroundings: AccountSurroundings,
): MpesaConfigProblem[] {
  if (!isObject(raw))
    return [{ path: '', message: 'must be an object, or null where there is none' }];
  const required = Object.entries(ACCOUNT_REQUIRED).map(([path, rule]) => {
    const value = raw[path];
    const missing = value === undefined || value === null || value === '';
    return { path, message: missing ? 'is missing' : rule(value) };
  });
  const optional = Object.entries(ACCOUNT_OPTIONAL).map(([path, rule]) => ({
    path,
    message: raw[path] === undefined ? null : rule(raw[path]),
  }));
  // A misspelt tillNumber would silently make a PayBill of a till.
  const unknown = Object.keys(raw)
    .filter((path) => !FIELDS.includes(path))
    .map((path) => ({
      path,
      message: `is not a field of an account; there are ${FIELDS.join(', ')}`,
    }));
  const problems = [...required, ...optional, ...unknown].flatMap(({ path, message }) =>
    message === null ? [] : [{ path, message }],
  );
  const wrong = new Set(problems.map(({ path }) => path));
  return [...problems, ...accountConflicts(raw, surroundings, (path) => !wrong.has(path))];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
