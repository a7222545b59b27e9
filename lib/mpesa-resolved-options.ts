import type { StkConfirmation } from './attempts/evidence-policy.js';
import { concealing } from './redaction/concealing.js';
import type { AccessTokenStore } from './daraja/access-token-store.js';
import type { DarajaAccount } from './daraja/daraja-account.js';
import type { DarajaHttpOptions } from './daraja/daraja-http-options.js';
import type { RateLimiter } from './daraja/rate-limiter.js';
import { MpesaConfigError } from './mpesa-config.error.js';
import {
  DARAJA_BASE_URLS,
  DEFAULT_CALLBACK,
  DEFAULT_EVENTS,
  DEFAULT_HTTP,
  DEFAULT_LIMITS,
  DEFAULT_RECONCILIATION,
} from './mpesa-options.defaults.js';
import { problemsOfOptions } from './mpesa-options.validation.js';
import { warningsFor } from './mpesa-options.warnings.js';
import { resolveMpesaExtras, type MpesaModuleExtras } from './mpesa-extras.js';
import type {
  MpesaCallbackOptions,
  MpesaEnvironment,
  MpesaEventOptions,
  MpesaLimitOptions,
  MpesaModuleOptions,
  MpesaReconciliationOptions,
  StkConfirmationPolicy,
} from './mpesa.options.js';
import { normalizeCallbackUrl } from './stk/rules/callback-url.rule.js';

/**
 * The options as the module uses them: checked, every default filled in, frozen. `toJSON()` and
 * `util.inspect()` show no credential.
 * @publicApi
 */
export interface ResolvedMpesaOptions {
  readonly environment: MpesaEnvironment;
  /** The account of the top-level options, named `default`. */
  readonly account: Readonly<DarajaAccount>;
  readonly confirmation: StkConfirmation | StkConfirmationPolicy;
  readonly callback: Readonly<MpesaCallbackOptions>;
  /** `scheduledQueries` is false where `reconciliation` was. */
  readonly reconciliation: Readonly<MpesaReconciliationOptions> & {
    readonly scheduledQueries: boolean;
  };
  readonly http: Readonly<DarajaHttpOptions>;
  readonly limits: Readonly<MpesaLimitOptions>;
  readonly events: Readonly<MpesaEventOptions>;
  /** The application's own; null where the persistence's, or one of this process, serves. */
  readonly accessTokenStore: AccessTokenStore | null;
  /** The application's own; null where the persistence's, or one of this process, serves. */
  readonly rateLimiter: RateLimiter | null;
  /** What is allowed and yet likely to go wrong, for the log. */
  readonly warnings: readonly string[];
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws MpesaConfigError with everything that is wrong
 */
export function resolveMpesaOptions(
  raw: MpesaModuleOptions,
  extras: Partial<MpesaModuleExtras> = {},
): ResolvedMpesaOptions {
  const problems = problemsOfOptions(raw, resolveMpesaExtras(extras));
  if (problems.length > 0) throw new MpesaConfigError(problems);

  const { reconciliation } = raw;
  const resolved = {
    environment: raw.environment,
    account: accountOf(raw),
    confirmation: raw.confirmation ?? 'callback',
    callback: Object.freeze(withDefaults(DEFAULT_CALLBACK, raw.callback)),
    reconciliation: Object.freeze({
      ...withDefaults(DEFAULT_RECONCILIATION, reconciliation || undefined),
      scheduledQueries: reconciliation !== false,
    }),
    http: Object.freeze(withDefaults(DEFAULT_HTTP, raw.http)),
    limits: Object.freeze(withDefaults(DEFAULT_LIMITS, raw.limits)),
    events: Object.freeze(withDefaults(DEFAULT_EVENTS, raw.events)),
    accessTokenStore: raw.accessTokenStore ?? null,
    rateLimiter: raw.rateLimiter ?? null,
  };
  return Object.freeze({ ...resolved, warnings: Object.freeze(warningsFor(resolved)) });
}

function accountOf(raw: MpesaModuleOptions): Readonly<DarajaAccount> {
  const account: DarajaAccount = {
    name: 'default',
    baseUrl: new URL(raw.baseUrl ?? DARAJA_BASE_URLS[raw.environment]).origin,
    consumerKey: raw.consumerKey,
    consumerSecret: raw.consumerSecret,
    shortCode: raw.shortCode,
    passKey: raw.passKey,
    partyB: raw.tillNumber ?? raw.shortCode,
    transactionType:
      raw.transactionType ??
      (raw.tillNumber === undefined ? 'CustomerPayBillOnline' : 'CustomerBuyGoodsOnline'),
    callbackUrl: normalizeCallbackUrl(raw.callbackUrl),
  };
  return concealing(account, ['consumerKey', 'consumerSecret', 'passKey']);
}

/** An option that is undefined has its default, which a spread would not give it. */
function withDefaults<T extends object>(defaults: T, given: Partial<T> = {}): T {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(set) };
}
