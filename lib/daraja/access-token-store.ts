/**
 * One access token of Daraja.
 * @publicApi
 */
export interface AccessTokenEntry {
  /** A secret: who has it can send prompts in the merchant's name. */
  token: string;
  /** When Daraja stops taking it, in ms since 1970. */
  expiresAt: number;
}

/**
 * Where access tokens are kept, as a port. At Daraja a new token ends the one before it, so several
 * instances of an application do best with one store for all.
 *
 * Keys are hashes: no credential can be read from them.
 * @publicApi
 */
export abstract class AccessTokenStore {
  /** The entry as it was set, also when it has expired; null where there is none. */
  abstract get(key: string): Promise<AccessTokenEntry | null>;
  /** Keeps the entry in place of any other. It may be forgotten once it has expired. */
  abstract set(key: string, entry: AccessTokenEntry): Promise<void>;
  /** Forgets the entry, but only if `token` is the one that it holds. */
  abstract delete(key: string, token: string): Promise<void>;
}
