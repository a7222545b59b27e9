import { Inject, Injectable, Logger } from '@nestjs/common';
import { AttemptStore } from '../attempts/attempt-store.js';
import { Clock } from '../attempts/clock.js';
import { MPESA_RANDOM } from '../attempts/random.js';
import type { DeliveryOutcome, EventDelivery } from '../attempts/event-delivery.js';
import { MpesaTelemetry } from '../telemetry/mpesa-telemetry.js';
import { DeliveryLease } from './delivery-lease.js';
import { describeError, stackOf } from '../redaction/describe-error.js';
import { jitter } from './jitter.js';
import { StkEventSettings } from './stk-event-settings.js';
import type { StkHandler } from './stk-handler.js';

/** Runs a handler for a claimed delivery, and decides what its failure means. */
@Injectable()
export class StkDeliveryRunner {
  private readonly logger = new Logger('StkEventDispatcher');
  private readonly leases = new Map<string, DeliveryLease>();

  constructor(
    private readonly store: AttemptStore,
    private readonly clock: Clock,
    private readonly settings: StkEventSettings,
    @Inject(MPESA_RANDOM) private readonly random: () => number,
    private readonly telemetry: MpesaTelemetry,
  ) {}

  /** Resolves when the outcome was noted, or could not be. Never rejects. */
  async run(delivery: EventDelivery, handler: StkHandler): Promise<void> {
    const key = `${delivery.handler}\n${delivery.event.id}`;
    const running = this.leases.get(key);
    if (running) {
      // Its lease ran out while the store was away. The handler is still at it: not a second time.
      running.adopt(delivery);
      return;
    }
    const lease = new DeliveryLease(delivery, this.store, this.clock, this.logger);
    this.leases.set(key, lease);
    await lease.end(await this.try(delivery, handler, lease.name));
    this.leases.delete(key);
  }

  private async try(
    delivery: EventDelivery,
    handler: StkHandler,
    name: string,
  ): Promise<DeliveryOutcome> {
    if (delivery.tries > this.triesOf(handler)) {
      // The last try was counted and no outcome was noted: perhaps it is what ends the process.
      const reason = 'The last try never ended';
      this.logger.error(`${name} is parked, until StkAdminService.redrive(): ${reason}`);
      return { dead: reason };
    }
    try {
      await this.handle(delivery, handler);
      return { done: true };
    } catch (error) {
      return this.afterFailure(delivery.tries, error, handler, name);
    }
  }

  private async handle(delivery: EventDelivery, handler: StkHandler): Promise<void> {
    const { event, tries, traceparent } = delivery;
    const told = { 'mpesa.handler': handler.id, 'mpesa.event.type': event.type };
    const ids = { 'mpesa.attempt.id': event.attemptId, 'mpesa.event.id': event.id };
    const name = `stk.handler ${handler.id}`;
    const attributes = { ...told, ...ids, 'mpesa.try': tries };
    const started = performance.now();
    let outcome = 'failed';
    try {
      await this.telemetry.span(
        { name, kind: 'consumer', continues: traceparent, attributes },
        async () => {
          await handler.handle(event);
        },
      );
      outcome = 'done';
    } finally {
      const seconds = (performance.now() - started) / 1_000;
      const measured = { ...told, 'mpesa.outcome': outcome };
      this.telemetry.measure('mpesa.handler.duration', seconds, measured);
    }
  }

  private triesOf({ retries }: StkHandler): number {
    return retries?.tries ?? this.settings.tries;
  }

  private afterFailure(
    tried: number,
    error: unknown,
    handler: StkHandler,
    name: string,
  ): DeliveryOutcome {
    const tries = this.triesOf(handler);
    const reason = describeError(error);
    const failed = `${name} failed, try ${tried} of ${tries}`;
    if (tried >= tries) {
      this.logger.error(
        `${failed}; it is parked, until StkAdminService.redrive(): ${reason}`,
        stackOf(error),
      );
      return { dead: reason };
    }
    const doubled = this.settings.firstDelayMs * 2 ** (tried - 1);
    const delayMs = jitter(Math.min(doubled, handler.retries?.maxDelayMs ?? Infinity), this.random);
    const message = `${failed}; again in ${delayMs} ms: ${reason}`;
    if (handler.retries) this.logger.debug(message);
    else this.logger.error(message, stackOf(error));
    return { retryAfterMs: delayMs };
  }
}
