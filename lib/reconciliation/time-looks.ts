import { Injectable } from '@nestjs/common';
import type { AttemptRecord } from '../attempts/attempt-record.js';
import { AttemptStore } from '../attempts/attempt-store.js';
import type { Evidence } from '../attempts/evidence.js';
import { EvidenceService } from '../attempts/evidence.service.js';
import { DarajaAccounts } from '../daraja/daraja-accounts.js';

const BATCH = 50;
/** How long an attempt that is looked at is left alone by others, and by later looks, in ms. */
const LEASE_MS = 30_000;

/**
 * Finds the attempts that time has run out for: those that a process left behind half-way, and those
 * whose deadline has come. Asks nobody but for the accounts, so no budget holds it up.
 */
@Injectable()
export class TimeLooks {
  constructor(
    private readonly store: AttemptStore,
    private readonly evidence: EvidenceService,
    private readonly accounts: DarajaAccounts,
  ) {}

  /** @param isStopped asked after each batch */
  async run(isStopped: () => boolean): Promise<void> {
    let due: AttemptRecord[];
    do {
      due = await this.store.claimDue({ limit: BATCH, leaseMs: LEASE_MS });
      const gone = await this.gone(due);
      for (const attempt of due) {
        await this.evidence.apply(attempt.id, evidenceOf(attempt, gone.has(attempt.account)));
      }
    } while (due.length === BATCH && !isStopped());
  }

  /** Those of the attempts' accounts that are there no more, not those that cannot be had just now. */
  private async gone(attempts: AttemptRecord[]): Promise<Set<string>> {
    const names = [...new Set(attempts.map(({ account }) => account))];
    const isGone = (name: string): Promise<boolean> =>
      this.accounts.find(name).then(
        (account) => account === null,
        () => false,
      );
    const answers = await Promise.all(names.map(isGone));
    return new Set(names.filter((_, index) => answers[index]));
  }
}

/** What it means that nobody has taken this attempt further in time. */
const evidenceOf = ({ status, version }: AttemptRecord, accountGone: boolean): Evidence =>
  status === 'created' || status === 'sending'
    ? { kind: 'left-behind', version }
    : { kind: 'deadline', accountGone };
