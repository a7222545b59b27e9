import { isLoopbackUrl } from './absolute-url.js';
import type { MpesaConfigProblem } from './mpesa-config.error.js';
import { DARAJA_BASE_URLS, DEFAULT_RECONCILIATION } from './mpesa-options.defaults.js';
import type { MpesaModuleExtras } from './mpesa-extras.js';
import type { MpesaModuleOptions } from './mpesa.options.js';

/** The passkey that the Daraja portal publishes for the sandbox shortcode 174379. */
const SANDBOX_PASS_KEY = 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919';

/**
 * What is wrong with options that are right each by itself.
 *
 * @param usable whether an option passed its own rule; those that did not are reported already
 */
export function conflictsOf(
  raw: Partial<MpesaModuleOptions>,
  extras: MpesaModuleExtras,
  usable: (path: string) => boolean,
): MpesaConfigProblem[] {
  return [
    ...(usable('transactionType') && usable('tillNumber') ? tillConflicts(raw) : []),
    ...(usable('environment') && usable('baseUrl') ? hostConflicts(raw) : []),
    ...(raw.environment === 'production' ? productionConflicts(raw, extras, usable) : []),
    ...deadlineConflicts(raw, usable),
  ];
}

function tillConflicts({ transactionType, tillNumber }: Partial<MpesaModuleOptions>) {
  if (transactionType === 'CustomerBuyGoodsOnline' && tillNumber === undefined) {
    return [
      {
        path: 'tillNumber',
        message:
          'is missing: CustomerBuyGoodsOnline pays a till, and shortCode is its store or head-office number (environment variable MPESA_TILL_NUMBER)',
      },
    ];
  }
  if (transactionType === 'CustomerPayBillOnline' && tillNumber !== undefined) {
    return [
      {
        path: 'tillNumber',
        message: 'is for CustomerBuyGoodsOnline only: leave it out, or transactionType',
      },
    ];
  }
  return [];
}

/** Tokens and passkeys of one environment do not work in the other. */
function hostConflicts({ environment, baseUrl }: Partial<MpesaModuleOptions>) {
  const other = DARAJA_BASE_URLS[environment === 'sandbox' ? 'production' : 'sandbox'];
  return baseUrl !== undefined && new URL(baseUrl).origin === other
    ? [{ path: 'baseUrl', message: `is not of environment '${String(environment)}': leave it out` }]
    : [];
}

function productionConflicts(
  { passKey, callbackUrl, baseUrl }: Partial<MpesaModuleOptions>,
  { persistence }: MpesaModuleExtras,
  usable: (path: string) => boolean,
): MpesaConfigProblem[] {
  const problems: MpesaConfigProblem[] = [];
  if (passKey === SANDBOX_PASS_KEY) {
    problems.push({
      path: 'passKey',
      message: 'is the public one of the sandbox: Safaricom e-mailed yours after Go Live',
    });
  }
  if (callbackUrl !== undefined && usable('callbackUrl')) {
    if (new URL(callbackUrl).protocol === 'http:') {
      problems.push({ path: 'callbackUrl', message: 'must begin with https:// in production' });
    } else if (isLoopbackUrl(callbackUrl) && usable('baseUrl') && !isEmulator(baseUrl)) {
      problems.push({ path: 'callbackUrl', message: 'is this machine: Safaricom cannot reach it' });
    }
  }
  if (persistence === undefined) {
    problems.push({
      path: 'persistence',
      message:
        'is missing: use typeOrmPersistence(), or say inMemoryPersistence() if losing every attempt at a restart is meant',
    });
  }
  return problems;
}

const isEmulator = (baseUrl: string | undefined): boolean =>
  baseUrl !== undefined && isLoopbackUrl(baseUrl);

function deadlineConflicts(
  { reconciliation }: Partial<MpesaModuleOptions>,
  usable: (path: string) => boolean,
): MpesaConfigProblem[] {
  const names = ['firstAfterMs', 'expireAfterMs', 'giveUpAfterMs'] as const;
  const paths = ['reconciliation', ...names.map((name) => `reconciliation.${name}`)];
  if (!reconciliation || !paths.every(usable)) return [];
  const [first, expire, giveUp] = names.map(
    (name) => reconciliation[name] ?? DEFAULT_RECONCILIATION[name],
  ) as [number, number, number];
  return first <= expire && expire <= giveUp
    ? []
    : [
        {
          path: 'reconciliation',
          message: `must rise: firstAfterMs ${first}, expireAfterMs ${expire}, giveUpAfterMs ${giveUp}`,
        },
      ];
}
