import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { AttemptRecord } from '../attempts/attempt-record.js';
import { AttemptStore } from '../attempts/attempt-store.js';
import { Clock } from '../attempts/clock.js';
import type { Evidence } from '../attempts/evidence.js';
import { EvidenceService } from '../attempts/evidence.service.js';
import { MPESA_EXTRAS, type MpesaModuleExtras } from '../mpesa-extras.js';

/** Distance of two sweeps, in ms. */
const SWEEP_MS = 1_000;
/** The longest distance while the store does not answer, in ms. */
const OUTAGE_MS = 30_000;
const BATCH = 50;
/** How long an attempt that is looked at is left alone by others, and by later sweeps, in ms. */
const LEASE_MS = 30_000;

/**
 * Finds the attempts that time has run out for: those that a process left behind half-way, and those
 * whose deadline has come. In every process; the store gives each to one of them.
 */
@Injectable()
export class AttemptSweeper
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown
{
  private readonly logger = new Logger(AttemptSweeper.name);
  private stopped = false;
  private sweeping: Promise<void> = Promise.resolve();
  private failures = 0;
  private cancel: () => void = () => undefined;

  constructor(
    private readonly store: AttemptStore,
    private readonly evidence: EvidenceService,
    private readonly clock: Clock,
    @Inject(MPESA_EXTRAS) private readonly extras: MpesaModuleExtras,
  ) {}

  onApplicationBootstrap(): void {
    if (this.extras.background) this.sweepLater();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    this.cancel();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeping;
  }

  private sweepLater(): void {
    if (this.stopped) return;
    const delay = Math.min(SWEEP_MS * 2 ** this.failures, OUTAGE_MS);
    this.cancel = this.clock.schedule(
      () => {
        this.sweeping = this.sweep().finally(() => {
          this.sweepLater();
        });
      },
      delay * (0.8 + 0.4 * Math.random()),
    );
  }

  private async sweep(): Promise<void> {
    try {
      let due: AttemptRecord[];
      do {
        due = await this.store.claimDue({ limit: BATCH, leaseMs: LEASE_MS });
        for (const attempt of due) await this.evidence.apply(attempt.id, evidenceOf(attempt));
      } while (due.length === BATCH && !this.stopped);
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      if (this.failures > 1) return;
      const kind = error instanceof Error ? error.name : typeof error;
      this.logger.error(`The store does not answer, deadlines wait until it does: ${kind}`);
    }
  }
}

/** What it means that nobody has taken this attempt further in time. */
const evidenceOf = ({ status, version }: AttemptRecord): Evidence =>
  status === 'created' || status === 'sending'
    ? { kind: 'left-behind', version }
    : { kind: 'deadline' };
