import type { QuarantinedCallback, StoredQuarantine } from './attempt-store.js';

/** Older ones are forgotten: whoever sends forgeries must not fill the memory. */
const SIZE = 1_000;

/** Callbacks that were set aside, in memory. */
export class InMemoryQuarantine {
  private readonly kept = new Map<string, StoredQuarantine>();
  private added = 0;

  add(callback: QuarantinedCallback): void {
    this.added += 1;
    const id = String(this.added);
    this.kept.set(id, { ...callback, id, replayedAt: null });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= SIZE) return;
      this.kept.delete(oldest);
    }
  }

  list({ limit, after }: { limit: number; after?: string }): StoredQuarantine[] {
    const newestFirst = [...this.kept.values()].reverse();
    const older = newestFirst.filter(({ id }) => after === undefined || Number(id) < Number(after));
    return older.slice(0, limit);
  }

  find(id: string): StoredQuarantine | null {
    return this.kept.get(id) ?? null;
  }

  /** How many bodies went; at most `limit`. */
  forgetBodies(receivedBefore: Date, limit: number): number {
    const old = [...this.kept.values()]
      .filter(({ raw, receivedAt }) => raw !== null && receivedAt < receivedBefore)
      .slice(0, limit);
    for (const callback of old) this.kept.set(callback.id, { ...callback, raw: null });
    return old.length;
  }

  markReplayed(id: string, replayedAt: Date): boolean {
    const callback = this.kept.get(id);
    if (!callback || callback.replayedAt) return false;
    this.kept.set(id, { ...callback, replayedAt });
    return true;
  }
}
