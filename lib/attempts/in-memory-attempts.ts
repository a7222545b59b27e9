import type { AttemptRecord } from './attempt-record.js';

const KEYS = [
  'orderSlot',
  'idempotencyKey',
  'tokenHash',
  'checkoutRequestId',
  'receipt',
  'orderId',
  'phoneNumber',
] as const satisfies readonly (keyof AttemptRecord)[];

/** What attempts are looked up by, beside their id. */
export type AttemptKey = (typeof KEYS)[number];

/** Almost always it is one who holds a value: a set for each would weigh more than the attempt. */
type Holders = Map<string, string | Set<string>>;

/** The attempts of the in-memory store, in the order in which they came, and those that hold a value. */
export class InMemoryAttempts {
  private readonly byId = new Map<string, AttemptRecord>();
  private readonly holders = KEYS.map((key) => [key, new Map() as Holders] as const);

  get(id: string): AttemptRecord | null {
    return this.byId.get(id) ?? null;
  }

  of(target: { attemptId: string } | { tokenHash: string }): AttemptRecord | null {
    return 'attemptId' in target
      ? this.get(target.attemptId)
      : this.first('tokenHash', target.tokenHash);
  }

  all(): Iterable<AttemptRecord> {
    return this.byId.values();
  }

  set(attempt: AttemptRecord): void {
    const before = this.byId.get(attempt.id);
    this.byId.set(attempt.id, attempt);
    for (const [key, holders] of this.holders) {
      const was = before?.[key] ?? null;
      const is = attempt[key];
      if (was === is) continue;
      if (was !== null) remove(holders, was, attempt.id);
      if (is !== null) add(holders, is, attempt.id);
    }
  }

  /** Those that hold it, the longest first. */
  holding(key: AttemptKey, value: string): AttemptRecord[] {
    const held = this.holders.find(([name]) => name === key)?.[1].get(value);
    if (held === undefined) return [];
    return (typeof held === 'string' ? [held] : [...held]).flatMap((id) => this.byId.get(id) ?? []);
  }

  first(key: AttemptKey, value: string): AttemptRecord | null {
    return this.holding(key, value)[0] ?? null;
  }
}

function add(holders: Holders, value: string, id: string): void {
  const held = holders.get(value);
  if (held === undefined) holders.set(value, id);
  else if (typeof held === 'string') holders.set(value, new Set([held, id]));
  else held.add(id);
}

function remove(holders: Holders, value: string, id: string): void {
  const held = holders.get(value);
  if (held instanceof Set && held.size > 1) held.delete(id);
  else holders.delete(value);
}
