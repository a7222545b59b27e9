import { isLoopbackUrl } from './absolute-url.js';
import type { DarajaAccount } from './daraja/daraja-account.js';
import type { MpesaEnvironment } from './mpesa.options.js';
import type { ResolvedMpesaOptions } from './mpesa-resolved-options.js';

/** What Safaricom asks to keep out of callback URLs, in any case (Daraja portal, "URL Requirements"). */
const FILTERED_WORDS = /m-?pesa|safaricom|exec?|cmd|sql|query/gi;
/** Public tunnels that the same page rules out, "especially in production". */
const TUNNELS = /ngrok|mockbin|requestbin/i;
/** A prompt stays on the phone for about a minute. */
const PROMPT_LIFETIME_MS = 60_000;

/** What is allowed and yet likely to go wrong; the module logs each at its start. */
export function warningsFor({
  environment,
  account,
  accounts,
  reconciliation: { expireAfterMs },
  privacy,
}: Pick<
  ResolvedMpesaOptions,
  'environment' | 'account' | 'accounts' | 'reconciliation' | 'privacy'
>): string[] {
  const warnings = callbackUrlWarnings(account, environment);
  for (const [name, other] of Object.entries(accounts)) {
    if (other.callbackUrl === account.callbackUrl) continue;
    const own = callbackUrlWarnings(other, environment);
    warnings.push(...own.map((warning) => `accounts.${name}: ${warning}`));
  }
  if (expireAfterMs < PROMPT_LIFETIME_MS) {
    warnings.push(
      `reconciliation.expireAfterMs is ${expireAfterMs}: an order becomes free for a second prompt while the first may still be on the phone. Give ${PROMPT_LIFETIME_MS} or more.`,
    );
  }
  if (environment === 'production' && privacy.keys.length === 0) {
    warnings.push(
      'privacy.encryptionKey is not given: phone numbers and bodies of callbacks are stored in clear. `openssl rand -base64 32` makes a key.',
    );
  }
  return warnings;
}

/** The same of one account's callback URL. */
export function callbackUrlWarnings(
  { callbackUrl, baseUrl }: Pick<DarajaAccount, 'callbackUrl' | 'baseUrl'>,
  environment: MpesaEnvironment,
): string[] {
  const warnings: string[] = [];
  const words = [...new Set(callbackUrl.toLowerCase().match(FILTERED_WORDS))];
  if (words.length > 0) {
    warnings.push(
      `callbackUrl contains ${words.join(', ')}: Safaricom filters callback URLs with such words, so callbacks may never come. Choose another path or host.`,
    );
  }
  if (environment === 'production' && TUNNELS.test(new URL(callbackUrl).hostname)) {
    warnings.push(
      'callbackUrl is a public tunnel: Safaricom does not call those in production. Use a host of your own.',
    );
  }
  if (isLoopbackUrl(callbackUrl) && !isLoopbackUrl(baseUrl)) {
    warnings.push(
      'callbackUrl is this machine, which Safaricom cannot reach: outcomes will be known by query only. Use a tunnel, or the emulator.',
    );
  }
  return warnings;
}
