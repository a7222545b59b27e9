/**
 * PayBill, or Buy Goods (a till).
 * @publicApi
 */
export type StkTransactionType = 'CustomerPayBillOnline' | 'CustomerBuyGoodsOnline';

/** One shortcode with its credentials, resolved from the options: always used as one unit. */
export interface DarajaAccount {
  /** `default` for the one of the top-level options. */
  name: string;
  /** Scheme and host of Daraja, without a trailing slash. */
  baseUrl: string;
  /** Consumer key of the app on the Daraja portal. */
  consumerKey: string;
  /** Consumer secret of the same app. */
  consumerSecret: string;
  /** BusinessShortCode: the PayBill, or for Buy Goods the store or head-office number. */
  shortCode: string;
  /** Passkey of that shortcode. */
  passKey: string;
  /** PartyB: the till number for Buy Goods, else the shortcode. */
  partyB: string;
  /** PayBill, or Buy Goods. */
  transactionType: StkTransactionType;
  /** Public URL of the callback route, without the attempt's own segment. */
  callbackUrl: string;
}
