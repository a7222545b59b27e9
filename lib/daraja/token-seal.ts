import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { DarajaAccount } from './daraja-account.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** What the key is for: another use of the secret gives another key. */
const INFO = 'nestjs-mpesa access token';

type Sealer = Pick<DarajaAccount, 'consumerSecret'>;

/** The token for a store: to be read only with the consumer secret, and only under this key. */
export function sealToken(token: string, key: string, sealer: Sealer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, sealKey(sealer), iv).setAAD(Buffer.from(key));
  const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** The token; null where it was sealed with another secret, or changed since. */
export function unsealToken(sealed: string, key: string, sealer: Sealer): string | null {
  const bytes = Buffer.from(sealed, 'base64url');
  const iv = bytes.subarray(0, IV_BYTES);
  const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv(CIPHER, sealKey(sealer), iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(key)).setAuthTag(tag);
    const opened = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
    return Buffer.concat([opened, decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

const sealKey = ({ consumerSecret }: Sealer): Buffer =>
  Buffer.from(hkdfSync('sha256', consumerSecret, '', INFO, 32));
