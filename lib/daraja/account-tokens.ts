import { Injectable } from '@nestjs/common';
import { AccessTokens } from './access-tokens.js';
import type { DarajaAccount } from './daraja-account.js';
import { DarajaAccounts } from './daraja-accounts.js';
import { DarajaAuthError } from './daraja.errors.js';

/** An account as Daraja takes it, and its token. */
export interface AccountToken {
  account: DarajaAccount;
  token: string;
}

/**
 * Tokens of accounts whose credentials may have been changed since they were looked up: refused ones are
 * looked up again, once.
 */
@Injectable()
export class AccountTokens {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly accounts: DarajaAccounts,
  ) {}

  /** @throws as `AccessTokens.get()` */
  async get(account: DarajaAccount, control: { signal?: AbortSignal } = {}): Promise<AccountToken> {
    try {
      return { account, token: await this.tokens.get(account, control) };
    } catch (error) {
      if (!(error instanceof DarajaAuthError)) throw error;
      const fresh = await this.accounts.renewed(account).catch(() => null);
      if (!fresh) throw error;
      return { account: fresh, token: await this.tokens.get(fresh, control) };
    }
  }

  /** As `get()`, without asking Daraja: null where that would have to be done. Never rejects. */
  async atHand(account: DarajaAccount): Promise<AccountToken | null> {
    const token = await this.tokens.atHand(account);
    return token === null ? null : { account, token };
  }

  /** Reports that Daraja refused the shortcode or the passkey. */
  outdate(account: DarajaAccount): void {
    this.accounts.outdate(account);
  }

  /** As `AccessTokens.invalidate()`. */
  invalidate(account: DarajaAccount, token: string): Promise<void> {
    return this.tokens.invalidate(account, token);
  }

  /** Reports that Daraja refused the token, and returns another. */
  async replace(
    { account, token }: AccountToken,
    control: { signal?: AbortSignal } = {},
  ): Promise<AccountToken> {
    await this.invalidate(account, token);
    return this.get(account, control);
  }
}
