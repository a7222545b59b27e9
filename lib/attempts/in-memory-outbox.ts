import type { StkEvent } from './events/stk-event.js';
import type { EventClaim, EventDelivery } from './event-delivery.js';

interface Row {
  event: StkEvent;
  /** Events of one order go to a handler one after the other. */
  order: string;
}

interface Progress {
  tries: number;
  fence: number;
  lockedUntil: number;
  retryAt: number;
  ended: 'done' | 'dead' | null;
}

/** The events of the in-memory store, and how far each handler has come with them. */
export class InMemoryOutbox {
  private readonly rows = new Map<string, Row>();
  private readonly progress = new Map<string, Progress>();

  /** An event that was told before is not told again. */
  add(event: StkEvent, order: string): void {
    if (!this.rows.has(event.id)) this.rows.set(event.id, { event, order });
  }

  claim({ handlers, limit, leaseMs }: EventClaim, now: number): EventDelivery[] {
    const claimed: EventDelivery[] = [];
    const waiting = new Set<string>();
    for (const { event, order } of this.rows.values()) {
      for (const handler of handlers.get(event.type) ?? []) {
        const progress = this.progressOf(event.id, handler);
        const queue = `${handler}\n${order}`;
        if (progress.ended || waiting.has(queue)) continue;
        waiting.add(queue);
        if (progress.lockedUntil > now || progress.retryAt > now) continue;
        if (claimed.length === limit) return claimed;
        progress.tries += 1;
        progress.fence += 1;
        progress.lockedUntil = now + leaseMs;
        claimed.push({ event, handler, tries: progress.tries, fence: progress.fence });
      }
    }
    return claimed;
  }

  /** The delivery's progress, where its lease is still the one that was given. */
  leased({ event, handler, fence }: EventDelivery): Progress | null {
    const progress = this.progressOf(event.id, handler);
    return progress.fence === fence && !progress.ended ? progress : null;
  }

  private progressOf(eventId: string, handler: string): Progress {
    const key = `${eventId}\n${handler}`;
    const known = this.progress.get(key);
    if (known) return known;
    const fresh: Progress = { tries: 0, fence: 0, lockedUntil: 0, retryAt: 0, ended: null };
    this.progress.set(key, fresh);
    return fresh;
  }
}
