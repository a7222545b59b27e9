/** What the `URL` constructor forgives and a strict reader on the way does not. */
const UNTIDY = /[^\x21-\x7e]|\\/;
const ABSOLUTE = /^https?:\/\/[^/?#]/i;

/**
 * What is wrong with a value that must be an absolute http or https URL without credentials, query
 * string and fragment; null where nothing is. Repeats nothing of the value: it may hold a password.
 */
export function absoluteUrlProblem(value: unknown, example: string): string | null {
  if (typeof value !== 'string') return `must be an absolute URL, such as ${example}`;
  if (UNTIDY.test(value)) {
    return 'must not have white space, backslashes or characters outside ASCII';
  }
  if (!ABSOLUTE.test(value) || !URL.canParse(value)) {
    return `must be an absolute URL, such as ${example}`;
  }
  const { username, password } = new URL(value);
  if (username || password) return 'must not have a user name or password in it';
  return /[?#]/.test(value) ? 'must not have a query string or a fragment' : null;
}

/** Whether a URL names this very machine: traffic to it cannot be listened to on the way. */
export function isLoopbackUrl(value: string): boolean {
  const { hostname } = new URL(value);
  return (
    hostname === '[::1]' ||
    /^(?:.+\.)?localhost$/.test(hostname) ||
    // The URL constructor writes every form of an IPv4 address in its dotted one.
    /^127(?:\.[0-9]+){3}$/.test(hostname)
  );
}
