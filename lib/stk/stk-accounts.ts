import { Injectable } from '@nestjs/common';
import type { AttemptRecord } from '../attempts/attempt-record.js';
import type { DarajaAccount } from '../daraja/daraja-account.js';
import { DarajaAccounts } from '../daraja/daraja-accounts.js';
import { MpesaAccountError } from '../mpesa-account.errors.js';
import { InjectMpesaOptions } from '../mpesa.module-definition.js';
import type { ResolvedMpesaOptions } from '../mpesa-resolved-options.js';
import { identifierRule } from './rules/identifier.rule.js';
import { StkInvalidInputError } from './stk.errors.js';
import { NO_SUCH_ACCOUNT } from './validate-stk-push-input.js';

/** What a caller is told who names an account that is not there. */
export const noSuchAccount = (): StkInvalidInputError =>
  new StkInvalidInputError([{ field: 'account', message: NO_SUCH_ACCOUNT }]);

/** The account that a call is about. */
@Injectable()
export class StkAccounts {
  constructor(
    private readonly accounts: DarajaAccounts,
    @InjectMpesaOptions() private readonly options: ResolvedMpesaOptions,
  ) {}

  /**
   * The account that a caller names, or the default one; null where it is none.
   * @throws MpesaAccountError, MpesaAccountUnavailableError
   */
  async named(name: unknown): Promise<DarajaAccount | null> {
    if (name === undefined) return this.options.account;
    return identifierRule(name) === null ? this.accounts.find(name as string) : null;
  }

  /**
   * The attempt's own account.
   * @throws MpesaAccountError, also where it is there no more; MpesaAccountUnavailableError
   */
  async of({ account: name }: AttemptRecord): Promise<DarajaAccount> {
    const account = await this.accounts.find(name);
    if (account) return account;
    throw new MpesaAccountError(name, [
      { path: 'accounts', message: 'has none of this name any more' },
    ]);
  }
}
