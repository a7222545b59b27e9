import type { DarajaAccount } from './daraja-account.js';

/** The accounts by their names. Injected by this class. */
export abstract class DarajaAccounts {
  /**
   * The account with this name, or null where there is none any more.
   * @throws MpesaAccountError where it cannot be used as it is configured
   * @throws MpesaAccountUnavailableError where it cannot be had now
   */
  abstract find(name: string): Promise<DarajaAccount | null>;

  /** Has the account looked up anew when it is next used: Daraja refused something of it. */
  abstract outdate(account: DarajaAccount): void;

  /**
   * The account as it is now, after Daraja refused the credentials of `account`; null where it has no
   * others.
   * @throws as `find()`
   */
  abstract renewed(account: DarajaAccount): Promise<DarajaAccount | null>;
}
