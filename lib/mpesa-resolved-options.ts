import type { StkConfirmation } from './attempts/evidence-policy.js';
import { DEFAULT_ACCOUNT } from './accounts/account-validation.js';
import { darajaAccountOf } from './accounts/daraja-account-of.js';
import type { MpesaAccountResolver } from './accounts/mpesa-account.js';
import { concealing } from './redaction/concealing.js';
import type { AccessTokenStore } from './daraja/access-token-store.js';
import type { DarajaAccount } from './daraja/daraja-account.js';
import type { DarajaHttpOptions } from './daraja/daraja-http-options.js';
import type { EventTransport } from './events/event-transport.js';
import type { RateLimiter } from './daraja/rate-limiter.js';
import type { MpesaTelemetry } from './telemetry/mpesa-telemetry.js';
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

/**
 * The options as the module uses them: checked, every default filled in, frozen. `toJSON()` and
 * `util.inspect()` show no credential.
 * @publicApi
 */
export interface ResolvedMpesaOptions {
  /** Which Daraja. */
  readonly environment: MpesaEnvironment;
  /** The account of the top-level options, named `default`. */
  readonly account: Readonly<DarajaAccount>;
  /** The further ones of the option `accounts`, by name; empty where it is a resolver. */
  readonly accounts: Readonly<Record<string, Readonly<DarajaAccount>>>;
  /** The option `accounts` where it is a function, else null. */
  readonly accountResolver: MpesaAccountResolver | null;
  /** What a success needs before it counts. */
  readonly confirmation: StkConfirmation | StkConfirmationPolicy;
  /** Where callbacks may come from. */
  readonly callback: Readonly<MpesaCallbackOptions>;
  /** `scheduledQueries` is false where `reconciliation` was. */
  readonly reconciliation: Readonly<MpesaReconciliationOptions> & {
    /** Whether Daraja is asked by schedule. */
    readonly scheduledQueries: boolean;
  };
  /** Time-outs of calls to Daraja, in ms. */
  readonly http: Readonly<DarajaHttpOptions>;
  /** What a push may be for. */
  readonly limits: Readonly<MpesaLimitOptions>;
  /** Retry schedule of event handlers. */
  readonly events: Readonly<MpesaEventOptions>;
  /** Keys to keep personal data with, the one to write with first; empty where it is kept in clear. */
  readonly privacy: Readonly<{
    /** Each 32 bytes in base64. */
    keys: readonly string[];
  }>;
  /** The application's own; null where the persistence's, or one of this process, serves. */
  readonly accessTokenStore: AccessTokenStore | null;
  /** The application's own; null where the persistence's, or one of this process, serves. */
  readonly rateLimiter: RateLimiter | null;
  /** Where every event goes besides the handlers; empty where nowhere. */
  readonly eventTransports: readonly EventTransport[];
  /** Where traces and metrics go; null where nowhere. */
  readonly telemetry: MpesaTelemetry | null;
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
  const baseUrl = new URL(raw.baseUrl ?? DARAJA_BASE_URLS[raw.environment]).origin;
  const resolved = {
    environment: raw.environment,
    account: darajaAccountOf(DEFAULT_ACCOUNT, raw, baseUrl),
    accounts: Object.freeze(accountsOf(raw, baseUrl)),
    accountResolver: typeof raw.accounts === 'function' ? raw.accounts : null,
    confirmation: raw.confirmation ?? 'callback',
    callback: Object.freeze(withDefaults(DEFAULT_CALLBACK, raw.callback)),
    reconciliation: Object.freeze({
      ...withDefaults(DEFAULT_RECONCILIATION, reconciliation || undefined),
      scheduledQueries: reconciliation !== false,
    }),
    http: Object.freeze(withDefaults(DEFAULT_HTTP, raw.http)),
    limits: Object.freeze(withDefaults(DEFAULT_LIMITS, raw.limits)),
    events: Object.freeze(withDefaults(DEFAULT_EVENTS, raw.events)),
    privacy: privacyOf(raw),
    accessTokenStore: raw.accessTokenStore ?? null,
    rateLimiter: raw.rateLimiter ?? null,
    eventTransports: Object.freeze([...(raw.eventTransports ?? [])]),
    telemetry: raw.telemetry ?? null,
  };
  return Object.freeze({ ...resolved, warnings: Object.freeze(warningsFor(resolved)) });
}

function accountsOf(
  { accounts, callbackUrl }: MpesaModuleOptions,
  baseUrl: string,
): Record<string, Readonly<DarajaAccount>> {
  if (typeof accounts === 'function') return {};
  return Object.fromEntries(
    Object.entries(accounts ?? {}).map(([name, account]) => [
      name,
      darajaAccountOf(
        name,
        { ...account, callbackUrl: account.callbackUrl ?? callbackUrl },
        baseUrl,
      ),
    ]),
  );
}

function privacyOf({ privacy }: MpesaModuleOptions): ResolvedMpesaOptions['privacy'] {
  const { encryptionKey, previousKeys = [] } = privacy ?? {};
  const keys = encryptionKey === undefined ? [] : [encryptionKey, ...previousKeys];
  return concealing({ keys: Object.freeze(keys) }, ['keys']);
}

/** An option that is undefined has its default, which a spread would not give it. */
function withDefaults<T extends object>(defaults: T, given: Partial<T> = {}): T {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(set) };
}
