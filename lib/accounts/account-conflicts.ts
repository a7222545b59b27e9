import { isLoopbackUrl } from '../absolute-url.js';
import type { MpesaConfigProblem } from '../mpesa-config.error.js';
import type { MpesaAccount } from './mpesa-account.js';

/** The passkey that the Daraja portal publishes for the sandbox shortcode 174379. */
const SANDBOX_PASS_KEY = 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919';

/** Where accounts are used. */
export interface AccountSurroundings {
  isProduction: boolean;
  /** Whether Daraja may be the emulator, which reaches this machine. */
  mayBeEmulator: boolean;
}

/**
 * What is wrong with the fields of an account that are right each by itself.
 *
 * @param usable whether a field passed its own rule; those that did not are reported already
 */
export function accountConflicts(
  account: Partial<MpesaAccount>,
  surroundings: AccountSurroundings,
  usable: (path: string) => boolean,
): MpesaConfigProblem[] {
  return [
    ...(usable('transactionType') && usable('tillNumber') ? tillConflicts(account) : []),
    ...(surroundings.isProduction ? productionConflicts(account, surroundings, usable) : []),
  ];
}

function tillConflicts({ transactionType, tillNumber }: Partial<MpesaAccount>) {
  if (transactionType === 'CustomerBuyGoodsOnline' && tillNumber === undefined) {
    return [
      {
        path: 'tillNumber',
        message:
          'is missing: CustomerBuyGoodsOnline pays a till, and shortCode is its store or head-office number',
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

function productionConflicts(
  { passKey, callbackUrl }: Partial<MpesaAccount>,
  { mayBeEmulator }: AccountSurroundings,
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
    } else if (isLoopbackUrl(callbackUrl) && !mayBeEmulator) {
      problems.push({
        path: 'callbackUrl',
        message:
          "is this machine, which Safaricom cannot reach: give the application's public address",
      });
    }
  }
  return problems;
}
