import { createHash } from 'node:crypto';
import type { DarajaAccount } from './daraja-account.js';

/**
 * Tells one app at one Daraja from another without telling its credentials: what is kept per consumer
 * key and host is kept under this.
 */
export const credentialsKey = ({
  baseUrl,
  consumerKey,
}: Pick<DarajaAccount, 'baseUrl' | 'consumerKey'>): string => sha256(`${baseUrl}\n${consumerKey}`);

/** The same of the credentials as a whole: for what is kept in this process alone. */
export const credentialsKeyWithSecret = ({
  baseUrl,
  consumerKey,
  consumerSecret,
}: Pick<DarajaAccount, 'baseUrl' | 'consumerKey' | 'consumerSecret'>): string =>
  sha256(`${baseUrl}\n${consumerKey}\n${consumerSecret}`);

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
