import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Clock } from '../attempts/clock.js';
import { abortable } from './abortable.js';
import { AccessTokenStore } from './access-token-store.js';
import { DarajaHttp } from './daraja-http.js';
import { DarajaAuthError, DarajaUnavailableError } from './daraja.errors.js';
import { requestToken } from './request-token.js';
import type { DarajaCredentials } from './request-token.js';

/** How long before its end a token is replaced, in ms. */
const RENEW_EARLY_MS = 60_000;
/** How long refused credentials are not tried again, in ms. */
const REFUSED_FOR_MS = 2_000;

/** The access token of each Daraja app, fetched by one caller for all who wait. */
@Injectable()
export class AccessTokens {
  readonly #fetching = new Map<string, Promise<string>>();
  /** The token last reported as refused, by key: a store may be slow to forget it. */
  readonly #refusedTokens = new Map<string, string>();
  readonly #refusals = new Map<string, { error: DarajaAuthError; until: number }>();

  constructor(
    private readonly http: DarajaHttp,
    private readonly store: AccessTokenStore,
    private readonly clock: Clock,
  ) {}

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
    const key = keyOf(account);
    let token = this.#fetching.get(key);
    if (!token) {
      token = this.load(key, account).finally(() => this.#fetching.delete(key));
      this.#fetching.set(key, token);
    }
    return abortable(token, signal);
  }

  /**
   * Reports that Daraja refused `token`. A token that has replaced it in the meantime stays: of many
   * calls that fail with one token, only the first leads to a new one.
   */
  async invalidate(account: DarajaCredentials, token: string): Promise<void> {
    const key = keyOf(account);
    this.#refusedTokens.set(key, token);
    // A store that fails here fails again in get(), which says so.
    await this.store.delete(key, token).catch(() => undefined);
  }

  private async load(key: string, account: DarajaCredentials): Promise<string> {
    const kept = await this.store.get(key).catch(() => {
      throw storeFailed();
    });
    if (kept && kept.token !== this.#refusedTokens.get(key) && this.isGood(kept.expiresAt)) {
      return kept.token;
    }
    const refusal = this.#refusals.get(key);
    if (refusal && this.clock.monotonic() < refusal.until) throw refusal.error;
    return this.fetch(key, account);
  }

  private async fetch(key: string, account: DarajaCredentials): Promise<string> {
    const asked = this.clock.now();
    try {
      const { token, expiresInMs } = await requestToken(this.http, account);
      this.#refusals.delete(key);
      this.#refusedTokens.delete(key);
      // The token is good even if it could not be kept: the one before it has just ended.
      await this.store.set(key, { token, expiresAt: asked + expiresInMs }).catch(() => undefined);
      return token;
    } catch (error) {
      if (error instanceof DarajaAuthError) {
        this.#refusals.set(key, { error, until: this.clock.monotonic() + REFUSED_FOR_MS });
      }
      throw error;
    }
  }

  private isGood(expiresAt: number): boolean {
    return expiresAt - this.clock.now() > RENEW_EARLY_MS;
  }
}

/** Tells one app at one Daraja from another without telling its credentials. */
const keyOf = ({ baseUrl, consumerKey }: DarajaCredentials): string =>
  createHash('sha256').update(`${baseUrl}\n${consumerKey}`, 'utf8').digest('hex');

const storeFailed = (): DarajaUnavailableError =>
  new DarajaUnavailableError(
    {
      httpStatus: null,
      errorCode: null,
      errorMessage: 'The store of the access tokens failed.',
      requestId: null,
      cause: 'access-token-store',
      retryAfterMs: null,
    },
    { outcome: 'not-sent' },
  );
