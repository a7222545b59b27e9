import { SAFARICOM_CALLBACK_IPS } from './callback/safaricom-callback-ips.js';
import type { DarajaHttpOptions } from './daraja/daraja-http-options.js';
import type {
  MpesaCallbackOptions,
  MpesaEnvironment,
  MpesaEventOptions,
  MpesaLimitOptions,
  MpesaReconciliationOptions,
} from './mpesa.options.js';
import { MPESA_MAX_AMOUNT } from './stk/rules/shilling-amount.rule.js';

export const DARAJA_BASE_URLS: Readonly<Record<MpesaEnvironment, string>> = {
  sandbox: 'https://sandbox.safaricom.co.ke',
  production: 'https://api.safaricom.co.ke',
};

export const DEFAULT_RECONCILIATION: Readonly<MpesaReconciliationOptions> = {
  firstAfterMs: 15_000,
  minIntervalMs: 12_000,
  expireAfterMs: 300_000,
  giveUpAfterMs: 172_800_000,
};

export const DEFAULT_HTTP: Readonly<DarajaHttpOptions> = {
  connectTimeoutMs: 3_000,
  headersTimeoutMs: 15_000,
  bodyTimeoutMs: 5_000,
  totalTimeoutMs: 20_000,
};

export const DEFAULT_CALLBACK: Readonly<MpesaCallbackOptions> = {
  ipPolicy: 'warn',
  allowedIps: SAFARICOM_CALLBACK_IPS,
};

export const DEFAULT_LIMITS: Readonly<MpesaLimitOptions> = { maxAmount: MPESA_MAX_AMOUNT };

export const DEFAULT_EVENTS: Readonly<MpesaEventOptions> = { tries: 8, firstDelayMs: 500 };
