import type { AttemptRecord } from './attempt-record.js';
import type { DeadDelivery } from './attempt-store.js';
import type { DeliveryOutcome, EventClaim, EventDelivery } from './event-delivery.js';
import type { StkEvent } from './events/stk-event.js';

/** An event, and what of its attempt goes with it. */
interface Told {
  event: StkEvent;
  /** Events of one order go to a handler one after the other. */
  order: string;
  traceparent: string | null;
}

interface Progress extends Told {
  handler: string;
  tries: number;
  fence: number;
  lockedUntil: number;
  dueAt: number;
  ended: 'done' | 'dead' | null;
  error: string;
}

/** The events of the in-memory store, and how far each handler has come with them. */
export class InMemoryOutbox {
  private readonly events = new Map<string, Told>();
  private readonly handlers = new Map<string, Set<string>>();
  private readonly deliveries = new Map<string, Progress>();

  /** An event that was told before is not told again. */
  add(event: StkEvent, { order, traceparent }: AttemptRecord, now: number): void {
    if (this.events.has(event.id)) return;
    const told = { event, order, traceparent };
    this.events.set(event.id, told);
    for (const handler of this.handlers.get(event.type) ?? []) this.deliver(told, handler, now);
  }

  subscribe(handlers: ReadonlyMap<string, readonly string[]>, now: number): void {
    for (const [type, ids] of handlers) {
      const known = this.handlers.get(type) ?? new Set();
      this.handlers.set(type, known);
      for (const id of ids.filter((each) => !known.has(each))) {
        known.add(id);
        for (const told of this.events.values()) {
          if (told.event.type === type && !this.isDone(told.event)) this.deliver(told, id, now);
        }
      }
    }
  }

  claim({ handlers, limit, leaseMs }: EventClaim, now: number): EventDelivery[] {
    const claimed: EventDelivery[] = [];
    const waiting = new Set<string>();
    for (const progress of this.deliveries.values()) {
      const { event, handler, order, ended, lockedUntil, dueAt } = progress;
      const queue = `${handler}\n${order}`;
      if (ended || waiting.has(queue) || !handlers.includes(handler)) continue;
      waiting.add(queue);
      if (lockedUntil > now || dueAt > now) continue;
      if (claimed.length === limit) break;
      progress.tries += 1;
      progress.fence += 1;
      progress.lockedUntil = now + leaseMs;
      const { tries, fence, traceparent } = progress;
      claimed.push({ event, handler, tries, traceparent, fence });
    }
    return claimed;
  }

  acknowledge(delivery: EventDelivery, outcome: DeliveryOutcome, now: number): boolean {
    const progress = this.leased(delivery);
    if (!progress) return false;
    progress.lockedUntil = 0;
    if ('retryAfterMs' in outcome) {
      progress.dueAt = now + outcome.retryAfterMs;
    } else if ('dead' in outcome) {
      progress.ended = 'dead';
      progress.error = outcome.dead;
    } else {
      progress.ended = 'done';
    }
    return true;
  }

  renew(delivery: EventDelivery, leasedUntil: number): boolean {
    const progress = this.leased(delivery);
    if (progress) progress.lockedUntil = leasedUntil;
    return progress !== null;
  }

  dead(limit: number): DeadDelivery[] {
    return [...this.deliveries.values()]
      .filter(({ ended }) => ended === 'dead')
      .slice(0, limit)
      .map(({ event, handler, tries, error }) => ({ event, handler, tries, error }));
  }

  redrive(eventId: string, handler: string, now: number): boolean {
    const progress = this.deliveries.get(`${eventId}\n${handler}`);
    if (progress?.ended !== 'dead') return false;
    // A new fence: whoever parked it must not end it again.
    Object.assign(progress, { ended: null, tries: 0, dueAt: now, fence: progress.fence + 1 });
    return true;
  }

  /** When the longest due delivery became due; `now` where none is. */
  longestDue(now: number): number {
    return [...this.deliveries.values()]
      .filter(({ ended }) => !ended)
      .reduce(
        (first, { lockedUntil, dueAt }) => Math.min(first, Math.max(lockedUntil, dueAt)),
        now,
      );
  }

  get deadCount(): number {
    return this.dead(Infinity).length;
  }

  forget(handler: string): number {
    for (const handlers of this.handlers.values()) handlers.delete(handler);
    const open = [...this.deliveries].filter(
      ([, delivery]) => delivery.handler === handler && delivery.ended !== 'done',
    );
    for (const [key] of open) this.deliveries.delete(key);
    return open.length;
  }

  /** Whether an event of the order waits for a handler, or was parked. */
  isOwed(order: string): boolean {
    return [...this.deliveries.values()].some((d) => d.order === order && d.ended !== 'done');
  }

  /** Takes the metadata of an attempt's events away. */
  forgetPerson(attemptId: string): void {
    for (const { event } of this.events.values()) {
      if (event.attemptId === attemptId) Object.assign(event, { metadata: null });
    }
  }

  private deliver(told: Told, handler: string, now: number): void {
    this.deliveries.set(`${told.event.id}\n${handler}`, {
      ...told,
      handler,
      tries: 0,
      fence: 0,
      lockedUntil: 0,
      dueAt: now,
      ended: null,
      error: '',
    });
  }

  private isDone(event: StkEvent): boolean {
    return [...this.deliveries.values()].some((d) => d.event === event && d.ended === 'done');
  }

  /** The delivery's progress, where its lease is still the one that was given. */
  private leased({ event, handler, fence }: EventDelivery): Progress | null {
    const progress = this.deliveries.get(`${event.id}\n${handler}`);
    return progress?.fence === fence && !progress.ended ? progress : null;
  }
}
