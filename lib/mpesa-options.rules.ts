import { absoluteUrlProblem, isLoopbackUrl } from './absolute-url.js';
import { readBlock } from './callback/source-addresses.js';
import type { Rule } from './stk/rules/rule.js';

/** Longest delay that Node's timers take. */
const MAX_TIMER_MS = 2_147_483_647;

const wholeNumber =
  (min: number, max: number, unit: string): Rule =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? null
      : `must be a whole number ${unit} from ${min} to ${max}`;

export const millisecondsRule = wholeNumber(1, MAX_TIMER_MS, 'of milliseconds');
export const shillingsRule = wholeNumber(1, Number.MAX_SAFE_INTEGER, 'of shillings');
/** Delays double, so more tries than this would wait for weeks. */
export const triesRule = wholeNumber(1, 20, 'of tries');

export const oneOf =
  (...words: string[]): Rule =>
  (value) =>
    words.includes(value as string) ? null : `must be ${words.map((w) => `'${w}'`).join(' or ')}`;

/** Keys and passwords: visible ASCII. Nothing is trimmed, as nobody knows what was meant. */
export const credentialRule: Rule = (value) => {
  if (typeof value !== 'string') return 'must be text';
  return /^[\x21-\x7e]+$/.test(value)
    ? null
    : 'has white space or unprintable characters in it: does it end in a newline of the file that it was read from?';
};

export const encryptionKeyRule: Rule = (value) =>
  typeof value === 'string' && /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(value)
    ? null
    : 'must be 32 random bytes in base64, 44 characters: openssl rand -base64 32';

export const previousKeysRule: Rule = (value) =>
  Array.isArray(value) && value.every((key) => encryptionKeyRule(key) === null)
    ? null
    : 'must be a list of former encryption keys, each 32 bytes in base64';

/** A colon would end the user name of HTTP Basic, and another app's key would be sent. */
export const consumerKeyRule: Rule = (value) =>
  credentialRule(value) ??
  ((value as string).includes(':')
    ? 'must not have a colon: copy it again from the Daraja portal'
    : null);

/** PayBills, stores and tills (Daraja 3.0 portal: 5-6 digits on the push page, 5-7 on the query's). */
export const shortCodeRule: Rule = (value) =>
  typeof value === 'string' && /^[0-9]{5,7}$/.test(value)
    ? null
    : "must be text of 5 to 7 digits, such as '174379'";

export const baseUrlRule: Rule = (value) => {
  const problem = absoluteUrlProblem(value, 'https://sandbox.safaricom.co.ke');
  if (problem !== null) return problem;
  const url = new URL(value as string);
  if (url.pathname !== '/') return 'must be a scheme and a host, without a path';
  return url.protocol === 'https:' || isLoopbackUrl(url.href)
    ? null
    : 'must begin with https:// (plain http is for a loopback host only)';
};

export const allowedIpsRule: Rule = (value) => {
  if (!Array.isArray(value) || value.length === 0) {
    return "must be a list of addresses, such as SAFARICOM_CALLBACK_IPS; to let every address in, set ipPolicy to 'off'";
  }
  const wrong = value.findIndex((block) => readBlock(block) === null);
  return wrong === -1
    ? null
    : `has at index ${wrong} what is neither an IP address nor a block such as 196.201.212.0/22`;
};

export const confirmationRule: Rule = (value) =>
  typeof value === 'function' || value === 'callback' || value === 'query'
    ? null
    : "must be 'callback', 'query' or a function that returns one of them";

/** Their identities are keys in the store, behind a prefix. */
export const eventTransportsRule: Rule = (value) => {
  if (!Array.isArray(value)) return 'must be a list of event transports';
  const transport = portRule('publish');
  const ids = new Set<unknown>();
  for (const [index, one] of value.entries()) {
    const problem = transport(one);
    if (problem !== null) return `at index ${index} ${problem}`;
    const { id } = one as { id: unknown };
    if (typeof id !== 'string' || !/^\S{1,100}$/.test(id)) {
      return `has at index ${index} a transport whose id is not 1 to 100 characters without spaces`;
    }
    if (ids.has(id)) return `has two transports with the id ${id}: give each its own`;
    ids.add(id);
  }
  return null;
};

/** An implementation of a port: by its methods, as two copies of this package know two classes. */
export const portRule =
  (...methods: string[]): Rule =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function')
      ? null
      : `must be an object with the methods ${methods.join(', ')}`;
