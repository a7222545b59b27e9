import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopbackUrl } from '../../absolute-url.js';
import type { DarajaAccount } from '../../daraja/daraja-account.js';
import { describeError } from '../../redaction/describe-error.js';
import { redactUrl } from '../../redaction/redact-url.js';
import { findingsOf, type Finding } from './finding.js';
import { isPublicAddress } from './public-address.js';

const { ok, warn, fail } = findingsOf('callback-url');

/** Whether Safaricom could call it. Words that are filtered are among the warnings of the options. */
export async function checkCallbackUrl({
  callbackUrl,
  baseUrl,
}: Pick<DarajaAccount, 'callbackUrl' | 'baseUrl'>): Promise<Finding> {
  const { protocol, hostname } = new URL(callbackUrl);
  const shown = redactUrl(callbackUrl);
  if (isLoopbackUrl(callbackUrl)) {
    return isLoopbackUrl(baseUrl)
      ? ok(`${shown} is this machine, as Daraja is`)
      : fail(`${shown} is this machine`, 'Give the public address of the application.');
  }
  const host = hostname.replace(/^\[|\]$/g, '');
  let addresses: string[];
  try {
    addresses = (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    return fail(`${hostname} is not found: ${describeError(error)}`, 'Register the name in DNS.');
  }
  if (!addresses.every(isPublicAddress)) {
    const what = `${hostname} is ${addresses.join(', ')}, which is not public`;
    return isIP(host)
      ? fail(what, 'Give the public address of the application.')
      : warn(what, 'Look whether the world sees another address than this host does.');
  }
  return protocol === 'https:'
    ? ok(`${shown} is public, and https`)
    : warn(`${shown} is plain http`, 'Production takes https only.');
}
