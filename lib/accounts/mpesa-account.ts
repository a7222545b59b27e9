import type { StkTransactionType } from '../daraja/daraja-account.js';

/**
 * A further shortcode with its credentials: taken whole, and never completed from another account. The
 * fields are those of `MpesaModuleOptions`, with the same rules.
 * @publicApi
 */
export interface MpesaAccount {
  /** Consumer key of the app on the Daraja portal. */
  consumerKey: string;
  /** Consumer secret of the same app. */
  consumerSecret: string;
  /** BusinessShortCode, 5 to 7 digits: the PayBill; for Buy Goods the store or head-office number. */
  shortCode: string;
  /** Passkey of that shortcode. */
  passKey: string;
  /** The till that is paid, 5 to 7 digits. For Buy Goods only, and required there. */
  tillNumber?: string;
  /**
   * Kind of payment.
   * @default 'CustomerBuyGoodsOnline' where `tillNumber` is set, else 'CustomerPayBillOnline'
   */
  transactionType?: StkTransactionType;
  /**
   * Public URL of the callback route, where this account has one of its own.
   * @default the application's, of the top-level options
   */
  callbackUrl?: string;
}

/**
 * Looks an account up by its name, in a table of tenants or a vault. Null: there is none of this name.
 * What it resolves with is used for up to a minute; `push()` and `query()` wait for it up to 5 s.
 * @publicApi
 */
export type MpesaAccountResolver = (
  name: string,
) => MpesaAccount | null | Promise<MpesaAccount | null>;
