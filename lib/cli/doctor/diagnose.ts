import type { ResolvedMpesaOptions } from '../../mpesa-resolved-options.js';
import type { MpesaModuleOptions } from '../../mpesa.options.js';
import { checkCallbackRoute } from './callback-route.check.js';
import { checkCallbackUrl } from './callback-url.check.js';
import { checkClock } from './clock.check.js';
import type { Finding } from './finding.js';
import { checkDns, checkTls } from './host.checks.js';
import { checkOptions } from './options.check.js';
import { checkProxy } from './proxy.check.js';
import { checkToken } from './token.check.js';

const CHECK_TIMEOUT_MS = 15_000;

/** Looks at one thing after the other; at nothing that stands on what was found broken. */
export async function diagnose(
  raw: MpesaModuleOptions,
  listen: number | undefined,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { options, findings } = checkOptions(raw);
  if (!options) return findings;
  const limited = () => AbortSignal.any([signal, AbortSignal.timeout(CHECK_TIMEOUT_MS)]);
  const { callbackUrl } = options.account;
  return [
    ...findings,
    ...(await darajaFindings(raw, options, limited)),
    await checkCallbackUrl(options.account),
    ...(listen === undefined
      ? [await checkCallbackRoute(callbackUrl, limited())]
      : await checkProxy(callbackUrl, listen, limited())),
  ];
}

async function darajaFindings(
  raw: MpesaModuleOptions,
  { account }: ResolvedMpesaOptions,
  limited: () => AbortSignal,
): Promise<Finding[]> {
  const url = new URL(account.baseUrl);
  const found = [await checkDns(url)];
  if (found[0]?.level === 'fail') return found;
  const tls = await checkTls(url, limited());
  found.push(tls);
  if (tls.level === 'fail') return found;
  return [...found, await checkClock(url, limited()), await checkToken(raw, account, limited())];
}
