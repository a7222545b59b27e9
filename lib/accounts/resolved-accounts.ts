import { Logger } from '@nestjs/common';
import type { Clock } from '../attempts/clock.js';
import { BoundedMap } from '../bounded-map.js';
import type { DarajaAccount } from '../daraja/daraja-account.js';
import { MpesaAccountUnavailableError } from '../mpesa-account.errors.js';

/** How long an account is used without asking again, in ms. */
const KEEP_MS = 60_000;
/** The same for the word that there is none, which a new tenant must not wait out. */
const KEEP_NONE_MS = 1_000;
/** How long the application's resolver may take, in ms. */
const RESOLVE_WITHIN_MS = 5_000;

interface Kept {
  account: DarajaAccount | null;
  /** By the monotonic clock. */
  until: number;
}

/** What the application's resolver said: asked once at a time for each name, remembered for a while. */
export class ResolvedAccounts {
  readonly #logger = new Logger('MpesaModule');
  readonly #kept = new BoundedMap<string, Kept>();
  readonly #asking = new Map<string, Promise<DarajaAccount | null>>();

  /**
   * @param resolve the application's answer, checked; given the account as it was known before
   */
  constructor(
    private readonly resolve: (
      name: string,
      before: DarajaAccount | null,
    ) => Promise<DarajaAccount | null>,
    private readonly clock: Clock,
  ) {}

  find(name: string): Promise<DarajaAccount | null> {
    const kept = this.#kept.get(name);
    if (kept && this.clock.monotonic() < kept.until) return Promise.resolve(kept.account);
    const asking =
      this.#asking.get(name) ??
      this.ask(name, kept?.account ?? null).finally(() => this.#asking.delete(name));
    this.#asking.set(name, asking);
    return asking;
  }

  /** Has `account` asked for again, unless it has been replaced already. */
  outdate(account: DarajaAccount): void {
    const kept = this.#kept.get(account.name);
    if (kept?.account === account) this.#kept.set(account.name, { account, until: 0 });
  }

  private async ask(name: string, before: DarajaAccount | null): Promise<DarajaAccount | null> {
    const account = await this.inTime(name, this.resolve(name, before));
    const keepMs = account ? KEEP_MS : KEEP_NONE_MS;
    this.#kept.set(name, { account, until: this.clock.monotonic() + keepMs });
    return account;
  }

  private inTime<T>(name: string, answer: Promise<T>): Promise<T> {
    return new Promise<T>((done, failed) => {
      const cancel = this.clock.schedule(() => {
        this.#logger.error(`The resolver of accounts took longer than ${RESOLVE_WITHIN_MS} ms`);
        failed(new MpesaAccountUnavailableError(name));
      }, RESOLVE_WITHIN_MS);
      answer.then(done, failed).finally(cancel);
    });
  }
}
