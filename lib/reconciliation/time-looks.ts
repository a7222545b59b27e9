import { Injectable } from '@nestjs/common';
import type { AttemptRecord } from '../attempts/attempt-record.js';
import { AttemptStore } from '../attempts/attempt-store.js';
import type { Evidence } from '../attempts/evidence.js';
import { EvidenceService } from '../attempts/evidence.service.js';

const BATCH = 50;
/** How long an attempt that is looked at is left alone by others, and by later looks, in ms. */
const LEASE_MS = 30_000;

/**
 * Finds the attempts that time has run out for: those that a process left behind half-way, and those
 * whose deadline has come. Asks nobody, so nothing holds it up.
 */
@Injectable()
export class TimeLooks {
  constructor(
    private readonly store: AttemptStore,
    private readonly evidence: EvidenceService,
  ) {}

  /** @param isStopped asked after each batch */
  async run(isStopped: () => boolean): Promise<void> {
    let due: AttemptRecord[];
    do {
      due = await this.store.claimDue({ limit: BATCH, leaseMs: LEASE_MS });
      for (const attempt of due) await this.evidence.apply(attempt.id, evidenceOf(attempt));
    } while (due.length === BATCH && !isStopped());
  }
}

/** What it means that nobody has taken this attempt further in time. */
const evidenceOf = ({ status, version }: AttemptRecord): Evidence =>
  status === 'created' || status === 'sending'
    ? { kind: 'left-behind', version }
    : { kind: 'deadline' };
