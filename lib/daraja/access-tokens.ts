import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../attempts/clock.js';
import { abortable } from './abortable.js';
import { AccessTokenStore, type AccessTokenEntry } from './access-token-store.js';
import { credentialsKey } from './credentials-key.js';
import { DarajaHttp } from './daraja-http.js';
import { DarajaAuthError } from './daraja.errors.js';
import { requestToken } from './request-token.js';
import type { DarajaCredentials } from './request-token.js';
import { SharedTokens, TokenStoreAway } from './shared-tokens.js';

/** How long before its end a token is replaced, in ms. */
const RENEW_EARLY_MS = 60_000;
/** How long refused credentials are not tried again, in ms. */
const REFUSED_FOR_MS = 2_000;
/** How often to look for the token that another instance is asking for, in ms. */
const LOOK_EVERY_MS = 100;

/** The access token of each Daraja app: asked for by one instance, and there by one caller, for all. */
@Injectable()
export class AccessTokens {
  readonly #logger = new Logger(AccessTokens.name);
  readonly #shared: SharedTokens;
  readonly #loading = new Map<string, Promise<string>>();
  /** The last token seen, by key: what there is while the store is away. */
  readonly #seen = new Map<string, AccessTokenEntry>();
  /** The token last reported as refused, by key: a store may be slow to forget it. */
  readonly #refusedTokens = new Map<string, string>();
  readonly #refusals = new Map<string, { error: DarajaAuthError; until: number }>();
  #storeAway = false;

  constructor(
    private readonly http: DarajaHttp,
    store: AccessTokenStore,
    private readonly clock: Clock,
  ) {
    this.#shared = new SharedTokens(store);
  }

  /**
   * A token that is good for at least a minute by what Daraja said of it.
   * @throws DarajaAuthError where Daraja refuses the credentials
   * @throws DarajaThrottledError, DarajaUnavailableError where there is no token to be had now
   * @throws the signal's reason when it is aborted; other callers are not disturbed
   */
  async get(
    account: DarajaCredentials,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<string> {
    signal?.throwIfAborted();
    const key = credentialsKey(account);
    let token = this.#loading.get(key);
    if (!token) {
      token = this.load(key, account).finally(() => this.#loading.delete(key));
      this.#loading.set(key, token);
    }
    return abortable(token, signal);
  }

  /**
   * Reports that Daraja refused `token`. A token that has replaced it in the meantime stays: of many
   * calls that fail with one token, only the first leads to a new one.
   */
  async invalidate(account: DarajaCredentials, token: string): Promise<void> {
    const key = credentialsKey(account);
    this.#refusedTokens.set(key, token);
    // A store that fails here fails again in get(), which says so.
    await this.#shared.delete(key, account, token).catch(() => undefined);
  }

  private async load(key: string, account: DarajaCredentials): Promise<string> {
    try {
      const token = await this.shared(key, account);
      this.#storeAway = false;
      return token;
    } catch (error) {
      if (!(error instanceof TokenStoreAway)) throw error;
      this.warnOnce();
      const seen = this.good(key, this.#seen.get(key));
      return seen ?? this.fetch(key, account);
    }
  }

  /** The token that all instances have, as soon as one of them has got it. */
  private async shared(key: string, account: DarajaCredentials): Promise<string> {
    for (;;) {
      const kept = await this.kept(key, account);
      if (kept) return kept;
      if (await this.#shared.claim(key)) break;
      await new Promise<void>((resolve) => this.clock.schedule(resolve, LOOK_EVERY_MS));
    }
    try {
      // Another one may have been done just before the claim.
      return (await this.kept(key, account)) ?? (await this.fetch(key, account));
    } finally {
      await this.#shared.release(key);
    }
  }

  private async kept(key: string, account: DarajaCredentials): Promise<string | null> {
    const entry = await this.#shared.get(key, account);
    const token = this.good(key, entry);
    if (token !== null && entry) this.#seen.set(key, entry);
    return token;
  }

  private async fetch(key: string, account: DarajaCredentials): Promise<string> {
    const refusal = this.#refusals.get(key);
    if (refusal && this.clock.monotonic() < refusal.until) throw refusal.error;
    const asked = this.clock.now();
    try {
      const { token, expiresInMs } = await requestToken(this.http, account);
      this.#refusals.delete(key);
      this.#refusedTokens.delete(key);
      const entry = { token, expiresAt: asked + expiresInMs };
      this.#seen.set(key, entry);
      // The token is good even if it could not be kept: the one before it has just ended.
      await this.#shared.set(key, account, entry).catch(() => {
        this.warnOnce();
      });
      return token;
    } catch (error) {
      if (error instanceof DarajaAuthError) {
        this.#refusals.set(key, { error, until: this.clock.monotonic() + REFUSED_FOR_MS });
      }
      throw error;
    }
  }

  private good(key: string, entry: AccessTokenEntry | null | undefined): string | null {
    if (!entry || entry.token === this.#refusedTokens.get(key)) return null;
    return entry.expiresAt - this.clock.now() > RENEW_EARLY_MS ? entry.token : null;
  }

  private warnOnce(): void {
    if (this.#storeAway) return;
    this.#storeAway = true;
    this.#logger.warn(
      'The store of the access tokens does not answer: this instance goes on with a token of its own, which may end that of the others.',
    );
  }
}
