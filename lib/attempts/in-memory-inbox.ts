import type { StkHistoryEntry } from './attempt-history.js';
import type { StoredCallback } from './attempt-store.js';
import type { CallbackReceived } from './evidence.js';

/** What was learned of one attempt. */
interface Inbox {
  /** Of the callbacks that were taken. */
  digests: Set<string>;
  /** Callbacks that wait for our own push response. */
  waiting: CallbackReceived[];
  history: StkHistoryEntry[];
  callbacks: StoredCallback[];
}

/** What was learned of each attempt, in memory. */
export class InMemoryInbox {
  private readonly inboxes = new Map<string, Inbox>();

  of(attemptId: string): Inbox {
    const known = this.inboxes.get(attemptId);
    if (known) return known;
    const fresh: Inbox = { digests: new Set(), waiting: [], history: [], callbacks: [] };
    this.inboxes.set(attemptId, fresh);
    return fresh;
  }

  forgetPerson(attemptId: string): void {
    for (const callback of this.of(attemptId).callbacks) callback.raw = null;
  }

  /** Takes bodies away that match, at most `limit` of them; how many that were. */
  forgetBodies(limit: number, matches: (callback: StoredCallback) => boolean): number {
    const old = [...this.inboxes.values()]
      .filter(({ waiting }) => waiting.length === 0)
      .flatMap(({ callbacks }) => callbacks)
      .filter((callback) => callback.raw !== null && matches(callback))
      .slice(0, limit);
    for (const callback of old) callback.raw = null;
    return old.length;
  }
}
