/**
 * One access token of Daraja.
 * @publicApi
 */
export interface AccessTokenEntry {
  /** Sealed by a key that comes of the consumer secret: of no use to who has the store alone. */
  token: string;
  /** When Daraja stops taking it, in ms since 1970. */
  expiresAt: number;
}

/**
 * Where access tokens are kept, as a port. At Daraja a new token ends the one before it, so all instances
 * of an application need one store, and one of them at a time asks for a token.
 *
 * Keys are hashes and tokens are sealed: no credential can be read from what is kept. Where a method
 * rejects, the instance goes on with a token of its own until the store is back.
 * @publicApi
 */
export abstract class AccessTokenStore {
  /** The entry as it was set, also when it has expired; null where there is none. */
  abstract get(key: string): Promise<AccessTokenEntry | null>;
  /** Keeps the entry in place of any other. It may be forgotten once it has expired. */
  abstract set(key: string, entry: AccessTokenEntry): Promise<void>;
  /** Forgets the entry, but only if `token` is the one that it holds. */
  abstract delete(key: string, token: string): Promise<void>;
  /**
   * Makes `holder` the one who asks Daraja for the next token. Resolves with false while another one
   * is; nobody is for longer than `leaseMs`, so that one who died is followed by another.
   */
  abstract claim(key: string, holder: string, leaseMs: number): Promise<boolean>;
  /** Ends the claim of `holder`, if it still has it. */
  abstract release(key: string, holder: string): Promise<void>;
}
