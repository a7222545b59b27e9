import { randomUUID } from 'node:crypto';
import { BoundedMap } from '../bounded-map.js';
import type { AccessTokenEntry, AccessTokenStore } from './access-token-store.js';
import type { DarajaCredentials } from './request-token.js';
import { sealToken, unsealToken } from './token-seal.js';

/** How long one may be the one who asks Daraja, in ms: others wait for it, if it has died. */
const CLAIM_MS = 10_000;

/** The store of the access tokens could not be asked. Holds nothing of what it said. */
export class TokenStoreAway extends Error {}

/** What all instances know of an app's access token: sealed on its way to the store. */
export class SharedTokens {
  private readonly holder = randomUUID();
  private readonly opened = new BoundedMap<
    string,
    { sealed: string; secret: string; token: string }
  >();

  constructor(private readonly store: AccessTokenStore) {}

  async get(key: string, account: DarajaCredentials): Promise<AccessTokenEntry | null> {
    const entry = await orAway(this.store.get(key));
    const token = entry && this.open(entry.token, key, account);
    return entry && token !== null ? { ...entry, token } : null;
  }

  set(key: string, account: DarajaCredentials, entry: AccessTokenEntry): Promise<void> {
    const sealed = { ...entry, token: sealToken(entry.token, key, account) };
    return orAway(this.store.set(key, sealed));
  }

  async delete(key: string, account: DarajaCredentials, token: string): Promise<void> {
    const entry = await orAway(this.store.get(key));
    if (!entry || unsealToken(entry.token, key, account) !== token) return;
    await orAway(this.store.delete(key, entry.token));
  }

  /** Each push asks, of the same token for an hour. */
  private open(sealed: string, key: string, account: DarajaCredentials): string | null {
    const last = this.opened.get(key);
    if (last?.sealed === sealed && last.secret === account.consumerSecret) return last.token;
    const token = unsealToken(sealed, key, account);
    if (token !== null) this.opened.set(key, { sealed, secret: account.consumerSecret, token });
    return token;
  }

  /** Whether this process is the one that asks for the next token. */
  claim(key: string): Promise<boolean> {
    return orAway(this.store.claim(key, this.holder, CLAIM_MS));
  }

  /** Never rejects: what cannot be ended ends by itself. */
  release(key: string): Promise<void> {
    return orAway(this.store.release(key, this.holder)).catch(() => undefined);
  }
}

async function orAway<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch {
    throw new TokenStoreAway('The store of the access tokens failed');
  }
}
