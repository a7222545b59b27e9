import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
} from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** What is sealed begins with it, and goes on with the name of the key; all else is clear text. */
const MARK = '~1.';

/** What a sealed text is: it can be opened as nothing else. */
export type Purpose = 'phone' | 'checkout-request-id' | 'callback';

interface Keys {
  /** Tells keys apart without telling them. */
  name: string;
  seal: Buffer;
  iv: Buffer;
  lookup: Buffer;
}

/**
 * Seals personal data for a store by AES-256-GCM, and makes what it is looked up by: an HMAC-SHA-256.
 * Writes with one key and reads with the former ones as well. Without a key everything stays clear text,
 * and clear text of the time before there was one is read as it is.
 */
export class PersonalDataCipher {
  private readonly current: Keys | undefined;
  private readonly known: readonly Keys[];

  /** @param keys the one to write with first, 32 bytes in base64 each */
  constructor(keys: readonly string[] = []) {
    this.known = keys.map(keysOf);
    this.current = this.known[0];
  }

  /** Another text each time. */
  seal(text: string, purpose: Purpose): string {
    return this.current ? sealed(text, purpose, this.current, randomBytes(IV_BYTES)) : text;
  }

  /** The same text each time, so that a column of it can be searched: by `fixedForms()`. */
  sealFixed(text: string, purpose: Purpose): string {
    return this.current ? sealed(text, purpose, this.current, fixedIv(text, this.current)) : text;
  }

  /** The text; null where its key is not known, or it was changed. */
  open(stored: string, purpose: Purpose): string | null {
    if (!stored.startsWith(MARK)) return stored;
    const [name, data = ''] = stored.slice(MARK.length).split('.');
    const keys = this.known.find((each) => each.name === name);
    return keys ? opened(data, purpose, keys) : null;
  }

  /** What `sealFixed()` may have made of the text, by each key and without one. */
  fixedForms(text: string, purpose: Purpose): string[] {
    return [...this.known.map((keys) => sealed(text, purpose, keys, fixedIv(text, keys))), text];
  }

  /** By what a phone number is found: its HMAC; without a key itself. */
  lookup(phoneNumber: string): string {
    return this.current ? hmac(this.current.lookup, phoneNumber) : phoneNumber;
  }

  /** What `lookup()` may have made of the number, by each key and without one. */
  lookupForms(phoneNumber: string): string[] {
    return [...this.known.map((keys) => hmac(keys.lookup, phoneNumber)), phoneNumber];
  }
}

function keysOf(key: string): Keys {
  const derive = (use: string) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), '', `nestjs-mpesa ${use}`, 32));
  const name = createHash('sha256').update(derive('name')).digest('base64url').slice(0, 8);
  return { name, seal: derive('seal'), iv: derive('iv'), lookup: derive('lookup') };
}

const hmac = (key: Buffer, text: string): string =>
  createHmac('sha256', key).update(text).digest('hex');

const fixedIv = (text: string, { iv }: Keys): Buffer =>
  createHmac('sha256', iv).update(text).digest().subarray(0, IV_BYTES);

function sealed(text: string, purpose: Purpose, { name, seal }: Keys, iv: Buffer): string {
  const cipher = createCipheriv(CIPHER, seal, iv).setAAD(Buffer.from(purpose));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `${MARK}${name}.${Buffer.concat([iv, cipher.getAuthTag(), data]).toString('base64url')}`;
}

function opened(data: string, purpose: Purpose, { seal }: Keys): string | null {
  const bytes = Buffer.from(data, 'base64url');
  const iv = bytes.subarray(0, IV_BYTES);
  const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv(CIPHER, seal, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(purpose)).setAuthTag(tag);
    const text = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
