import { Injectable } from '@nestjs/common';
import { AttemptStore } from '../attempts/attempt-store.js';
import { Clock } from '../attempts/clock.js';
import { BoundedMap } from '../bounded-map.js';
import { credentialsKey } from '../daraja/credentials-key.js';
import type { DarajaAccount } from '../daraja/daraja-account.js';
import { DarajaAccounts } from '../daraja/daraja-accounts.js';
import { QueryBudgetSettings } from '../daraja/query-budget.js';
import { QueryLook } from './query-look.js';

/** Accounts that one round looks at. */
const PAGE = 50;
/** The longest time for which a key is left alone without asking the limiter again, in ms. */
const MAX_REST_MS = 60_000;

/** What is known of one consumer key in this process. */
interface Key {
  /** Whether a query is under way. */
  busy: boolean;
  /** No permit is expected before, by the monotonic clock. */
  restsUntil: number;
  /** The account that had the last turn: those that share a key take turns. */
  lastAccount: string;
}

/**
 * Finds the attempts that Daraja is to be asked about, and has it asked: for each consumer key one query
 * at a time, as the budget allows. Holds no more attempts than queries are under way.
 */
@Injectable()
export class QueryLooks {
  private readonly keys = new BoundedMap<string, Key>();
  private readonly underWay = new Set<Promise<void>>();
  private after: string | null = null;

  constructor(
    private readonly store: AttemptStore,
    private readonly accounts: DarajaAccounts,
    private readonly look: QueryLook,
    private readonly budget: QueryBudgetSettings,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins what can be asked now, and does not wait for it.
   * @returns when it is worth to look again, in ms; Infinity where nothing is due
   */
  async begin(): Promise<number> {
    const names = await this.store.accountsToAsk({ after: this.after, limit: PAGE });
    this.after = names.length === PAGE ? (names.at(-1) ?? null) : null;
    let waitMs = Infinity;
    for (const [id, accounts] of await this.byKey(names)) {
      waitMs = Math.min(waitMs, this.beginOn(this.keyOf(id), accounts));
    }
    return waitMs;
  }

  /** Resolves when no query is under way. */
  async idle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private beginOn(key: Key, accounts: DarajaAccount[]): number {
    const restMs = key.restsUntil - this.clock.monotonic();
    if (restMs > 0) return restMs;
    const { minIntervalMs } = this.budget;
    const account = accounts.find(({ name }) => name > key.lastAccount) ?? accounts[0];
    if (key.busy || !account) return minIntervalMs;
    key.busy = true;
    key.lastAccount = account.name;
    const asking = this.look
      .take(account)
      .then((restsMs) => {
        key.restsUntil = this.clock.monotonic() + Math.min(restsMs, MAX_REST_MS);
      })
      .finally(() => {
        key.busy = false;
        this.underWay.delete(asking);
      });
    this.underWay.add(asking);
    return minIntervalMs;
  }

  /** The accounts by what they share a budget by. One that is there no more is left to the deadlines. */
  private async byKey(names: string[]): Promise<Map<string, DarajaAccount[]>> {
    const byKey = new Map<string, DarajaAccount[]>();
    const find = (name: string) => this.accounts.find(name).catch(() => null);
    for (const account of await Promise.all(names.map(find))) {
      if (!account) continue;
      const key = credentialsKey(account);
      byKey.set(key, [...(byKey.get(key) ?? []), account]);
    }
    return byKey;
  }

  private keyOf(id: string): Key {
    const known = this.keys.get(id);
    if (known) return known;
    const fresh = { busy: false, restsUntil: 0, lastAccount: '' };
    this.keys.set(id, fresh);
    return fresh;
  }
}
