import type { Logger } from '@nestjs/common';
import type { AttemptStore } from '../attempts/attempt-store.js';
import type { Clock } from '../attempts/clock.js';
import type { DeliveryOutcome, EventDelivery } from '../attempts/event-delivery.js';
import { describeError } from '../redaction/describe-error.js';

/** How long a claimed delivery is this process's own, in ms. Renewed while its handler runs. */
export const LEASE_MS = 30_000;

/** How often an outcome is offered to a store that does not take it: for about half a minute. */
const ACKNOWLEDGEMENTS = 6;

/**
 * This process's hold on one delivery. A handler may take as long as it needs: nobody else runs it
 * meanwhile.
 */
export class DeliveryLease {
  private readonly since: number;
  private cancelRenewal: () => void = () => undefined;
  private ended = false;
  private saidLong = false;
  private saidLost = false;

  constructor(
    private delivery: EventDelivery,
    private readonly store: AttemptStore,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.since = clock.monotonic();
    this.renewLater();
  }

  /** `Class.method for <event id>`, for messages. */
  get name(): string {
    return `${this.delivery.handler} for ${this.delivery.event.id}`;
  }

  /** The lease had run out, and the store gave the same delivery to this process once more. */
  adopt(delivery: EventDelivery): void {
    this.delivery = delivery;
    this.saidLost = false;
  }

  /**
   * Has the store note the outcome: work that was done is worth more than one attempt to note it, else
   * it is done again. Resolves also where none succeeded; never rejects.
   */
  async end(outcome: DeliveryOutcome): Promise<void> {
    for (let attempt = 1; attempt <= ACKNOWLEDGEMENTS && !this.ended; attempt += 1) {
      try {
        if (!(await this.store.acknowledge(this.delivery, outcome))) this.sayLost();
        this.ended = true;
      } catch (error) {
        if (attempt === ACKNOWLEDGEMENTS) {
          const reason = describeError(error);
          this.logger.error(`${this.name} ended, the store took no note of it: ${reason}`);
        } else {
          await this.sleep(1_000 * 2 ** (attempt - 1));
        }
      }
    }
    this.ended = true;
    this.cancelRenewal();
  }

  private renewLater(): void {
    this.cancelRenewal = this.clock.schedule(() => void this.renew(), LEASE_MS / 3);
  }

  private async renew(): Promise<void> {
    this.sayLong();
    try {
      const held = await this.store.renew(this.delivery, LEASE_MS);
      if (!held && !this.ended) this.sayLost();
    } catch {
      // The store is away: the next renewal may still be in time, and the outcome will tell.
    }
    if (!this.ended) this.renewLater();
  }

  private sayLong(): void {
    const ms = this.clock.monotonic() - this.since;
    if (this.saidLong || ms < LEASE_MS) return;
    this.saidLong = true;
    this.logger.warn(`${this.name} has been running for ${Math.round(ms / 1_000)} s`);
  }

  private sayLost(): void {
    if (this.saidLost) return;
    this.saidLost = true;
    this.logger.warn(`${this.name} lost its lease: another process may have run it as well`);
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.schedule(resolve, ms);
    });
  }
}
