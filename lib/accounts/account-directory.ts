import { Injectable, Logger } from '@nestjs/common';
import { isLoopbackUrl } from '../absolute-url.js';
import { Clock } from '../attempts/clock.js';
import type { DarajaAccount } from '../daraja/daraja-account.js';
import { DarajaAccounts } from '../daraja/daraja-accounts.js';
import { callbackUrlWarnings } from '../mpesa-options.warnings.js';
import type { ResolvedMpesaOptions } from '../mpesa-resolved-options.js';
import { InjectMpesaOptions } from '../mpesa.module-definition.js';
import { problemsOfAccount } from './account-validation.js';
import { darajaAccountOf } from './daraja-account-of.js';
import { MpesaAccountError, MpesaAccountUnavailableError } from '../mpesa-account.errors.js';
import type { MpesaAccount } from './mpesa-account.js';
import { ResolvedAccounts } from './resolved-accounts.js';

/** The accounts of the options, by name: those that are written there, or those of the resolver. */
@Injectable()
export class AccountDirectory extends DarajaAccounts {
  private readonly logger = new Logger('MpesaModule');
  private readonly resolved: ResolvedAccounts;

  constructor(
    @InjectMpesaOptions() private readonly options: ResolvedMpesaOptions,
    clock: Clock,
  ) {
    super();
    this.resolved = new ResolvedAccounts((name, before) => this.resolve(name, before), clock);
  }

  find(name: string): Promise<DarajaAccount | null> {
    const { account, accounts, accountResolver } = this.options;
    if (name === account.name) return Promise.resolve(account);
    if (accountResolver) return this.resolved.find(name);
    return Promise.resolve((Object.hasOwn(accounts, name) && accounts[name]) || null);
  }

  outdate(account: DarajaAccount): void {
    this.resolved.outdate(account);
  }

  async renewed(account: DarajaAccount): Promise<DarajaAccount | null> {
    this.outdate(account);
    const fresh = await this.find(account.name);
    return fresh && differs(fresh, account) ? fresh : null;
  }

  private async resolve(name: string, before: DarajaAccount | null): Promise<DarajaAccount | null> {
    const raw = await this.ask(name);
    if (raw === null) return null;
    const { account: own, environment } = this.options;
    const problems = problemsOfAccount(raw, {
      isProduction: environment === 'production',
      mayBeEmulator: isLoopbackUrl(own.baseUrl),
    });
    if (problems.length > 0) throw new MpesaAccountError(name, problems);
    const callbackUrl = raw.callbackUrl ?? own.callbackUrl;
    const account = darajaAccountOf(name, { ...raw, callbackUrl }, own.baseUrl, {
      remembered: false,
    });
    if (account.callbackUrl !== (before ?? own).callbackUrl) this.warn(account);
    return account;
  }

  private async ask(name: string): Promise<MpesaAccount | null> {
    try {
      // Copied, as what was checked must be what is used; undefined is what a lookup in a Map returns.
      const raw = (await this.options.accountResolver?.(name)) ?? null;
      return raw && typeof raw === 'object' ? { ...raw } : raw;
    } catch (error) {
      const kind = error instanceof Error ? error.name : typeof error;
      this.logger.error(`The resolver of accounts failed: ${kind}`);
      throw new MpesaAccountUnavailableError(name);
    }
  }

  private warn(account: DarajaAccount): void {
    for (const warning of callbackUrlWarnings(account, this.options.environment)) {
      this.logger.warn(`Account '${account.name}': ${warning}`);
    }
  }
}

const differs = (a: DarajaAccount, b: DarajaAccount): boolean =>
  a.consumerKey !== b.consumerKey || a.consumerSecret !== b.consumerSecret;
