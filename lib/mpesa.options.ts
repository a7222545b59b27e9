import type { StkConfirmation, StkSuccessEvidence } from './attempts/evidence-policy.js';
import type { StkIpPolicy } from './callback/source-addresses.js';
import type { StkTransactionType } from './daraja/daraja-account.js';
import type { AccessTokenStore } from './daraja/access-token-store.js';
import type { MpesaAccount, MpesaAccountResolver } from './accounts/mpesa-account.js';
import type { DarajaHttpOptions } from './daraja/daraja-http-options.js';
import type { EventTransport } from './events/event-transport.js';
import type { RateLimiter } from './daraja/rate-limiter.js';
import type { MpesaTelemetry } from './telemetry/mpesa-telemetry.js';

/**
 * Which of the two Darajas is meant. Never guessed.
 * @publicApi
 */
export type MpesaEnvironment = 'sandbox' | 'production';

/**
 * Decides the confirmation of one success by the callback that reports it, for example by its
 * amount. Must be pure and quick: it runs inside a transaction, and again when that is repeated.
 * @publicApi
 */
export type StkConfirmationPolicy = (evidence: StkSuccessEvidence) => StkConfirmation;

/**
 * When attempts without an outcome are looked at. All in ms.
 * @publicApi
 */
export interface MpesaReconciliationOptions {
  /**
   * The first query comes this long after the push; each further one after twice the time.
   * @default 15000
   */
  firstAfterMs: number;
  /**
   * Least distance of two queries under one consumer key. Daraja's sandbox was seen to allow five
   * in a minute.
   * @default 12000
   */
  minIntervalMs: number;
  /**
   * Without evidence for this long an attempt expires and its order is free for a new prompt. Less
   * than a minute is warned about: the prompt may still be on the phone.
   * @default 300000 (5 minutes)
   */
  expireAfterMs: number;
  /**
   * An attempt that is still unresolved is asked about for this long, then handed to people.
   * @default 172800000 (2 days)
   */
  giveUpAfterMs: number;
}

/**
 * Where callbacks may come from. Behind a proxy the framework has to be told to trust it, and no other:
 * the address is `request.ip`, and `X-Forwarded-For` is read by the framework alone.
 * @publicApi
 */
export interface MpesaCallbackOptions {
  /**
   * What becomes of a callback from another address than those. `warn`: it is taken, and the log says so
   * once an address where its token was right. `enforce`: it is quarantined, with the same answer; the
   * outcome then comes from a query. An address that is allowed never stands in for a token.
   * @default 'warn'
   */
  ipPolicy: StkIpPolicy;
  /**
   * IPv4 and IPv6 addresses, and blocks of them in CIDR notation, such as `196.201.212.0/22`.
   * @default SAFARICOM_CALLBACK_IPS
   */
  allowedIps: readonly string[];
}

/**
 * What a push may ask for.
 * @publicApi
 */
export interface MpesaLimitOptions {
  /**
   * Largest amount of one push, in whole KES. M-Pesa's own limit for a transaction is 250,000.
   * @default 250000
   */
  maxAmount: number;
}

/**
 * How often a failing `@OnStkEvent` handler is tried.
 * @publicApi
 */
export interface MpesaEventOptions {
  /**
   * Tries in all; then the event is parked for this handler.
   * @default 8
   */
  tries: number;
  /**
   * Delay before the second try, in ms; doubled for each further one.
   * @default 500
   */
  firstDelayMs: number;
}

/**
 * How personal data is kept by a persistence that keeps it in a database.
 * @publicApi
 */
export interface MpesaPrivacyOptions {
  /**
   * 32 random bytes in base64 (`openssl rand -base64 32`). With it phone numbers, CheckoutRequestIDs and
   * bodies of callbacks are stored encrypted (AES-256-GCM), and numbers are found by a keyed hash.
   */
  encryptionKey: string;
  /**
   * Former keys: what was written with them is still read. Keep each until all that was written with it
   * is purged.
   * @default []
   */
  previousKeys: readonly string[];
}

/**
 * Options of `MpesaModule`, the same for `forRoot()` and for what the factory of `forRootAsync()`
 * returns. All are checked when the application starts, and everything that is wrong is reported at
 * once in one `MpesaConfigError`. An option that is `undefined` has its default.
 * @publicApi
 */
export interface MpesaModuleOptions {
  /** Which Daraja: never guessed. */
  environment: MpesaEnvironment;
  /** Consumer key of your app on the Daraja portal. */
  consumerKey: string;
  /** Consumer secret of the same app. */
  consumerSecret: string;
  /**
   * BusinessShortCode, 5 to 7 digits: the PayBill; for Buy Goods the store or head-office number,
   * not the till.
   */
  shortCode: string;
  /** Passkey of that shortcode. Safaricom sends the production one by e-mail after Go Live. */
  passKey: string;
  /**
   * Kind of payment.
   * @default 'CustomerBuyGoodsOnline' where `tillNumber` is set, else 'CustomerPayBillOnline'
   */
  transactionType?: StkTransactionType;
  /** The till that is paid (PartyB), 5 to 7 digits. For Buy Goods only, and required there. */
  tillNumber?: string;
  /**
   * Public URL of the callback route, global prefix and version included; https in production. One
   * unguessable segment per attempt is appended, so it has no query string.
   */
  callbackUrl: string;
  /**
   * Further accounts: by name, or a function that looks one up. The account of the top-level options is
   * named `default`. All are of the same environment and `baseUrl`.
   * @default none
   */
  accounts?: Record<string, MpesaAccount> | MpesaAccountResolver;
  /**
   * Scheme and host of another Daraja: the emulator, a proxy. Plain http for a loopback host only.
   * @default 'https://sandbox.safaricom.co.ke' or 'https://api.safaricom.co.ke', by `environment`
   */
  baseUrl?: string;
  /**
   * What a success needs before it counts.
   * @default 'callback'
   */
  confirmation?: StkConfirmation | StkConfirmationPolicy;
  /** Where callbacks may come from. */
  callback?: Partial<MpesaCallbackOptions>;
  /**
   * When attempts without an outcome are looked at. `false` turns the scheduled queries off; the
   * deadlines go on, at their defaults.
   */
  reconciliation?: false | Partial<MpesaReconciliationOptions>;
  /** Time-outs of calls to Daraja. */
  http?: Partial<DarajaHttpOptions>;
  /** What a push may be for. */
  limits?: Partial<MpesaLimitOptions>;
  /**
   * Encryption of personal data. Left out: it is stored in clear, which production is warned of.
   */
  privacy?: Partial<MpesaPrivacyOptions>;
  /** Retry schedule of event handlers. */
  events?: Partial<MpesaEventOptions>;
  /**
   * Where access tokens are kept. At Daraja a new token ends the one before it: one store for all
   * instances.
   * @default the persistence's own; in this process where it has none
   */
  accessTokenStore?: AccessTokenStore;
  /**
   * Keeps the queries of all instances within one budget.
   * @default the persistence's own; in this process where it has none
   */
  rateLimiter?: RateLimiter;
  /**
   * Where every event goes, besides `@OnStkEvent()` handlers: brokers, queues, other services. Each by
   * itself: one that fails holds back neither the handlers nor another.
   * @default []
   */
  eventTransports?: readonly EventTransport[];
  /**
   * Where traces and metrics go: `new MpesaOpenTelemetry()` of `nestjs-mpesa/opentelemetry`.
   * @default nowhere
   */
  telemetry?: MpesaTelemetry;
}
