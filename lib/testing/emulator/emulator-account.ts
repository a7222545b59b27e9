/**
 * One shop as the emulator knows it: the credentials that a request must show, and who is paid.
 * @publicApi
 */
export interface EmulatorAccount {
  /** The user name of the request for a token. */
  consumerKey: string;
  /** Its password. */
  consumerSecret: string;
  /** BusinessShortCode: the PayBill, or for Buy Goods the store or head-office number. */
  shortCode: string;
  /** What a push's Password must be made with. */
  passKey: string;
  /** Makes it a Buy Goods account: PartyB must then be this number. */
  tillNumber?: string;
  /** The name that the customer reads in the prompt. Default `Demo Shop`. */
  merchant?: string;
}

/**
 * The emulator's account unless others are given. Shortcode and passkey are the public ones of
 * Safaricom's sandbox (Daraja 3.0 portal, M-Pesa Express page); nothing here is a secret.
 * @publicApi
 */
export const EMULATOR_ACCOUNT: Readonly<EmulatorAccount> = Object.freeze({
  consumerKey: 'emulator-consumer-key',
  consumerSecret: 'emulator-consumer-secret',
  shortCode: '174379',
  passKey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
});
