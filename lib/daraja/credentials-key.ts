import { createHash } from 'node:crypto';
import type { DarajaAccount } from './daraja-account.js';

/**
 * Tells one app at one Daraja from another without telling its credentials: what is kept per consumer
 * key and host is kept under this.
 */
export const credentialsKey = ({
  baseUrl,
  consumerKey,
}: Pick<DarajaAccount, 'baseUrl' | 'consumerKey'>): string =>
  createHash('sha256').update(`${baseUrl}\n${consumerKey}`, 'utf8').digest('hex');
