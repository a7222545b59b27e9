/** How many queries untrusted input may pull forward. Injected by this class. */
export abstract class NudgeBudget {
  /** Takes one, of the account's, if there is one left; without an answer there is none. */
  abstract take(account: string): Promise<boolean>;
}
