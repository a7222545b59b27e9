import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../attempts/clock.js';
import { MpesaTelemetry } from '../telemetry/mpesa-telemetry.js';
import { NO_TELEMETRY } from '../telemetry/no-telemetry.js';
import { abortable } from './abortable.js';
import { AccessTokenStore, type AccessTokenEntry } from './access-token-store.js';
import { BoundedMap } from '../bounded-map.js';
import { CircuitBreakers } from './circuit-breakers.js';
import { credentialsKey, credentialsKeyWithSecret } from './credentials-key.js';
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

/**
 * What this process knows of an app's access token. `none`: it has not needed one lately; it is asked for
 * when it is needed.
 * @publicApi
 */
export type AccessTokenState = 'held' | 'none' | 'refused';

/** The access token of each Daraja app: asked for by one instance, and there by one caller, for all. */
@Injectable()
export class AccessTokens {
  readonly #logger = new Logger(AccessTokens.name);
  readonly #shared: SharedTokens;
  // By key and secret: who has a wrong secret gets nothing of who has the right one.
  readonly #loading = new Map<string, Promise<string>>();
  // Apart from those that load: who waits for these has not yet decided to ask Daraja.
  readonly #looking = new Map<string, Promise<string | null>>();
  /** The last token seen: what there is while the store is away. */
  readonly #seen = new BoundedMap<string, AccessTokenEntry>();
  /** The token last reported as refused: a store may be slow to forget it. */
  readonly #refusedTokens = new BoundedMap<string, string>();
  readonly #refusals = new BoundedMap<string, { error: DarajaAuthError; until: number }>();
  #storeAway = false;

  constructor(
    private readonly http: DarajaHttp,
    store: AccessTokenStore,
    private readonly clock: Clock,
    private readonly circuits: CircuitBreakers,
    private readonly telemetry: MpesaTelemetry = NO_TELEMETRY,
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
    const id = credentialsKeyWithSecret(account);
    let token = this.#loading.get(id);
    if (!token) {
      token = this.load(id, account).finally(() => this.#loading.delete(id));
      this.#loading.set(id, token);
    }
    return abortable(token, signal);
  }

  /** As `get()`, without asking Daraja: null where that would have to be done. Never rejects. */
  atHand(account: DarajaCredentials): Promise<string | null> {
    const id = credentialsKeyWithSecret(account);
    let token = this.#looking.get(id);
    if (!token) {
      token = this.kept(id, account)
        .catch(() => null)
        .finally(() => this.#looking.delete(id));
      this.#looking.set(id, token);
    }
    return token;
  }

  /**
   * Reports that Daraja refused `token`. A token that has replaced it in the meantime stays: of many
   * calls that fail with one token, only the first leads to a new one.
   */
  async invalidate(account: DarajaCredentials, token: string): Promise<void> {
    this.#refusedTokens.set(credentialsKeyWithSecret(account), token);
    // A store that fails here fails again in get(), which says so.
    await this.#shared.delete(credentialsKey(account), account, token).catch(() => undefined);
  }

  /** Asks nobody. */
  stateOf(account: DarajaCredentials): AccessTokenState {
    const id = credentialsKeyWithSecret(account);
    if (this.good(id, this.#seen.get(id))) return 'held';
    return this.#refusals.get(id) ? 'refused' : 'none';
  }

  private async load(id: string, account: DarajaCredentials): Promise<string> {
    try {
      const token = await this.shared(id, account);
      this.#storeAway = false;
      return token;
    } catch (error) {
      if (!(error instanceof TokenStoreAway)) throw error;
      this.warnOnce();
      return this.good(id, this.#seen.get(id)) ?? this.fetch(id, account);
    }
  }

  /** The token that all instances have, as soon as one of them has got it. */
  private async shared(id: string, account: DarajaCredentials): Promise<string> {
    const key = credentialsKey(account);
    for (;;) {
      const kept = await this.kept(id, account);
      if (kept) return kept;
      if (await this.#shared.claim(key)) break;
      await new Promise<void>((resolve) => this.clock.schedule(resolve, LOOK_EVERY_MS));
    }
    try {
      // Another one may have been done just before the claim.
      return (await this.kept(id, account)) ?? (await this.fetch(id, account));
    } finally {
      await this.#shared.release(key);
    }
  }

  private async kept(id: string, account: DarajaCredentials): Promise<string | null> {
    const entry = await this.#shared.get(credentialsKey(account), account);
    const token = this.good(id, entry);
    if (token !== null && entry) this.#seen.set(id, entry);
    return token;
  }

  private async fetch(id: string, account: DarajaCredentials): Promise<string> {
    const refusal = this.#refusals.get(id);
    if (refusal && this.clock.monotonic() < refusal.until) throw refusal.error;
    const asked = this.clock.now();
    try {
      const { token, expiresInMs } = await requestToken(this.http, this.circuits, account);
      this.telemetry.count('mpesa.token.refreshes', { 'mpesa.outcome': 'given' });
      this.#refusals.delete(id);
      this.#refusedTokens.delete(id);
      const entry = { token, expiresAt: asked + expiresInMs };
      this.#seen.set(id, entry);
      // The token is good even if it could not be kept: the one before it has just ended.
      await this.#shared.set(credentialsKey(account), account, entry).catch(() => {
        this.warnOnce();
      });
      return token;
    } catch (error) {
      this.telemetry.count('mpesa.token.refreshes', { 'mpesa.outcome': 'refused' });
      if (error instanceof DarajaAuthError) {
        this.#refusals.set(id, { error, until: this.clock.monotonic() + REFUSED_FOR_MS });
      }
      throw error;
    }
  }

  private good(id: string, entry: AccessTokenEntry | null | undefined): string | null {
    if (!entry || entry.token === this.#refusedTokens.get(id)) return null;
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
