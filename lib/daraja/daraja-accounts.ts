import type { DarajaAccount } from './daraja-account.js';

/** The accounts by their names. Injected by this class. */
export abstract class DarajaAccounts {
  /** The account with this name, or null where there is none any more. */
  abstract find(name: string): Promise<DarajaAccount | null>;
}
