import { hash } from 'node:crypto';
import type { DarajaAccount } from './daraja-account.js';

type Credentials = Readonly<Pick<DarajaAccount, 'baseUrl' | 'consumerKey'>>;

/** Each push asks for it several times; an account's object does not change. */
const keys = new WeakMap<Credentials, string>();

/**
 * Tells one app at one Daraja from another without telling its credentials: what is kept per consumer
 * key and host is kept under this.
 */
export const credentialsKey = (account: Credentials): string => {
  const known = keys.get(account);
  if (known !== undefined) return known;
  const key = sha256(`${account.baseUrl}\n${account.consumerKey}`);
  keys.set(account, key);
  return key;
};

/** The same of the credentials as a whole: for what is kept in this process alone. */
export const credentialsKeyWithSecret = ({
  baseUrl,
  consumerKey,
  consumerSecret,
}: Pick<DarajaAccount, 'baseUrl' | 'consumerKey' | 'consumerSecret'>): string =>
  sha256(`${baseUrl}\n${consumerKey}\n${consumerSecret}`);

const sha256 = (text: string): string => hash('sha256', text, 'hex');
