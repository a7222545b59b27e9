import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Clock } from '../attempts/clock.js';
import { EvidencePolicy } from '../attempts/evidence-policy.js';
import { MPESA_RANDOM } from '../attempts/random.js';
import { MPESA_EXTRAS, type MpesaModuleExtras } from '../mpesa-extras.js';
import { QueryLooks } from './query-looks.js';
import { TimeLooks } from './time-looks.js';

/** Distance of two rounds, in ms; less where a permit is expected sooner. */
const ROUND_MS = 1_000;
/** The longest distance while the store does not answer, in ms. */
const OUTAGE_MS = 30_000;

/**
 * Brings every attempt to its end: looks at the time, and asks Daraja. In every process; the store gives
 * each attempt to one of them, and the rate limiter all of them one budget.
 */
@Injectable()
export class Reconciler
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown
{
  private readonly logger = new Logger(Reconciler.name);
  private stopped = false;
  private round: Promise<void> = Promise.resolve();
  private failures = 0;
  private cancel: () => void = () => undefined;

  constructor(
    private readonly timeLooks: TimeLooks,
    private readonly queryLooks: QueryLooks,
    private readonly policy: EvidencePolicy,
    private readonly clock: Clock,
    @Inject(MPESA_RANDOM) private readonly random: () => number,
    @Inject(MPESA_EXTRAS) private readonly extras: MpesaModuleExtras,
  ) {}

  onApplicationBootstrap(): void {
    if (this.extras.background) this.later(ROUND_MS);
  }

  onModuleDestroy(): void {
    this.stopped = true;
    this.cancel();
  }

  /** What was begun is ended: a query whose answer is on its way is settled. */
  beforeApplicationShutdown(): Promise<void> {
    return this.idle();
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.round;
    await this.queryLooks.idle();
  }

  private later(ms: number): void {
    if (this.stopped) return;
    const delay = Math.min(ms * 2 ** this.failures, OUTAGE_MS);
    this.cancel = this.clock.schedule(
      () => {
        this.round = this.look();
      },
      delay * (0.8 + 0.4 * this.random()),
    );
  }

  private async look(): Promise<void> {
    let waitMs = ROUND_MS;
    try {
      await this.timeLooks.run(() => this.stopped);
      if (this.policy.scheduledQueries && !this.stopped) {
        waitMs = Math.min(waitMs, await this.queryLooks.begin());
      }
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      if (this.failures === 1) {
        const kind = error instanceof Error ? error.name : typeof error;
        this.logger.error(`The store does not answer, deadlines wait until it does: ${kind}`);
      }
    }
    this.later(waitMs);
  }
}
