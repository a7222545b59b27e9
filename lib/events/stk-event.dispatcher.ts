import { AsyncResource } from 'node:async_hooks';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { AttemptStore } from '../attempts/attempt-store.js';
import { Clock } from '../attempts/clock.js';
import { MPESA_RANDOM } from '../attempts/random.js';
import type { EventDelivery } from '../attempts/event-delivery.js';
import { LEASE_MS } from './delivery-lease.js';
import { describeError } from '../redaction/describe-error.js';
import { inTurn } from './in-turn.js';
import { jitter } from './jitter.js';
import { StkDeliveryRunner } from './stk-delivery.runner.js';
import { StkEventSettings } from './stk-event-settings.js';
import { StkEventMirrors } from './stk-event.mirrors.js';
import type { StkHandler } from './stk-handler.js';
import { StkHandlerExplorer } from './stk-handler.explorer.js';
import { StkTransportHandler } from './stk-transport.handler.js';
import { warnOfUnhandledEvents } from './unhandled-events.js';

/** Distance of two looks for what no commit of this process announced: retries, other instances. */
const POLL_MS = 1_000;
/** The longest distance of two looks while the store does not answer. */
const OUTAGE_POLL_MS = 30_000;
/**
 * Deliveries claimed at a time. A handler that runs so many gets no more, so one that hangs holds
 * back nobody but itself.
 */
const BATCH = 16;
/** Distance of two subscriptions of the handlers with the store. */
const SUBSCRIBE_MS = 60_000;
/** After the first one, sooner: longer than a transaction takes that was under way by then. */
const SECOND_SUBSCRIPTION_MS = 3_000;
/** How long a shutdown waits for running handlers. */
const SHUTDOWN_MS = 10_000;

/**
 * Brings committed events to the application's handlers and transports: claims what is due, runs deliveries side by
 * side, and leaves to the store which of them may run now (one after the other for one order and
 * handler).
 */
@Injectable()
export class StkEventDispatcher
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown
{
  private readonly logger = new Logger(StkEventDispatcher.name);
  private readonly handlers = new Map<string, StkHandler>();
  private readonly running = new Map<Promise<void>, string>();
  private started = false;
  private subscribeAt = -Infinity;
  private stopped = false;
  private shutdown: Promise<void> | undefined;
  private commits: Subscription | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private cancelPoll: () => void = () => undefined;
  /**
   * Claims what is due and begins it; resolves with how much that was, and never rejects. Bound, as
   * handlers must not run in the async context (a transaction, a request) of whoever committed.
   */
  private readonly look = AsyncResource.bind(inTurn(() => this.claimDue()));
  /** Looks in a row to which the store did not answer, and what it said last. */
  private outage: { looks: number; error: unknown } | null = null;

  constructor(
    private readonly explorer: StkHandlerExplorer,
    private readonly mirrors: StkEventMirrors,
    private readonly runner: StkDeliveryRunner,
    private readonly store: AttemptStore,
    private readonly clock: Clock,
    private readonly settings: StkEventSettings,
    @Inject(MPESA_RANDOM) private readonly random: () => number,
  ) {}

  onModuleInit(): void {
    const handlers = this.explorer.explore();
    if (!this.settings.background) return;
    const transports = this.settings.transports.map((one) => new StkTransportHandler(one));
    const warning = warnOfUnhandledEvents(handlers, transports.length > 0);
    if (warning) this.logger.warn(warning);
    for (const handler of [...handlers, ...transports, ...this.mirrors.find()]) {
      this.handlers.set(handler.id, handler);
    }
  }

  onApplicationBootstrap(): void {
    if (this.handlers.size === 0) return;
    this.started = true;
    this.commits = this.store.commits.subscribe(() => {
      this.wake();
    });
    this.wake();
  }

  /** What handlers use may be closed from now on: nothing new is begun. */
  onModuleDestroy(): void {
    this.stopped = true;
    this.commits?.unsubscribe();
    this.cancelPoll();
  }

  beforeApplicationShutdown(): Promise<void> {
    return (this.shutdown ??= this.waitForRunning());
  }

  /**
   * Resolves when nothing is left for this process to deliver now: nothing runs, and nothing is due,
   * also of what became due by the end of something else. A delivery that failed is not due before
   * its next try, and is not waited for. Rejects where the store does not answer.
   */
  async drain(): Promise<void> {
    for (;;) {
      const claimed = this.started ? await this.look() : 0;
      if (this.outage) throw this.outage.error;
      if (claimed === 0 && this.running.size === 0) return;
      await Promise.all(this.running.keys());
    }
  }

  /**
   * Looks soon. Not now: who committed has an answer to send first, and at the start other
   * providers' hooks may have to run.
   */
  private wake(): void {
    this.immediate ??= setImmediate(() => {
      this.immediate = undefined;
      void this.look();
    });
  }

  private async claimDue(): Promise<number> {
    this.cancelPoll();
    let claimed = 0;
    try {
      const batch = await this.claimBatch();
      for (const delivery of batch) this.start(delivery);
      claimed = batch.length;
    } catch (error) {
      this.noteOutage(error);
    }
    if (claimed === BATCH) this.wake();
    if (!this.stopped) this.poll();
    return claimed;
  }

  private async claimBatch(): Promise<EventDelivery[]> {
    const running = [...this.running.values()];
    const free = [...this.handlers.keys()].filter(
      (id) => running.filter((handler) => handler === id).length < BATCH,
    );
    if (this.stopped || free.length === 0) return [];
    await this.subscribe();
    const batch = await this.store.claimEvents({ handlers: free, limit: BATCH, leaseMs: LEASE_MS });
    if (this.outage) this.logger.log('The store answers again: events are delivered.');
    this.outage = null;
    return batch;
  }

  /** Again and again: an event that another process was just committing may have missed the first. */
  private async subscribe(): Promise<void> {
    const now = this.clock.monotonic();
    if (now < this.subscribeAt) return;
    const byType = new Map<string, string[]>();
    for (const { id, types } of this.handlers.values()) {
      for (const type of types) byType.set(type, [...(byType.get(type) ?? []), id]);
    }
    await this.store.subscribe(byType);
    const first = this.subscribeAt === -Infinity;
    this.subscribeAt = now + (first ? SECOND_SUBSCRIPTION_MS : SUBSCRIBE_MS);
  }

  private start(delivery: EventDelivery): void {
    const handler = this.handlers.get(delivery.handler);
    if (!handler) throw new Error(`The store delivers to ${delivery.handler}, which nobody asked`);
    const run = this.runner.run(delivery, handler).finally(() => {
      this.running.delete(run);
      this.wake();
    });
    this.running.set(run, handler.id);
  }

  private noteOutage(error: unknown): void {
    if (!this.outage) {
      const reason = describeError(error);
      this.logger.error(`The store does not answer, events wait until it does: ${reason}`);
    }
    this.outage = { looks: (this.outage?.looks ?? 0) + 1, error };
  }

  private poll(): void {
    const ms = Math.min(POLL_MS * 2 ** (this.outage?.looks ?? 0), OUTAGE_POLL_MS);
    this.cancelPoll = this.clock.schedule(() => void this.look(), jitter(ms, this.random));
  }

  private async waitForRunning(): Promise<void> {
    let cancel: () => void = () => undefined;
    const deadline = new Promise<void>((resolve) => {
      cancel = this.clock.schedule(resolve, SHUTDOWN_MS);
    });
    // A look that is under way may have claimed something; that is begun, and waited for as well.
    const ended = this.look().then(() => Promise.all(this.running.keys()));
    await Promise.race([ended, deadline]);
    cancel();
    if (this.running.size === 0) return;
    const names = [...new Set(this.running.values())].join(', ');
    this.logger.warn(`Not waiting any longer for ${names}: the events will be delivered again.`);
  }
}
