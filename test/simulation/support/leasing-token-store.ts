import type { Clock } from '../../../lib/attempts/clock.js';
import { AccessTokenStore, type AccessTokenEntry } from '../../../lib/daraja/access-token-store.js';

/** Shared by processes that die: a claim ends with its lease, as in a database. */
export class LeasingTokenStore extends AccessTokenStore {
  private readonly entries = new Map<string, AccessTokenEntry>();
  private readonly leases = new Map<string, { holder: string; until: number }>();

  constructor(private readonly clock: Clock) {
    super();
  }

  get(key: string): Promise<AccessTokenEntry | null> {
    return Promise.resolve(this.entries.get(key) ?? null);
  }

  set(key: string, entry: AccessTokenEntry): Promise<void> {
    this.entries.set(key, entry);
    return Promise.resolve();
  }

  delete(key: string, token: string): Promise<void> {
    if (this.entries.get(key)?.token === token) this.entries.delete(key);
    return Promise.resolve();
  }

  claim(key: string, holder: string, leaseMs: number): Promise<boolean> {
    const now = this.clock.monotonic();
    const lease = this.leases.get(key);
    if (lease && lease.holder !== holder && lease.until > now) return Promise.resolve(false);
    this.leases.set(key, { holder, until: now + leaseMs });
    return Promise.resolve(true);
  }

  release(key: string, holder: string): Promise<void> {
    if (this.leases.get(key)?.holder === holder) this.leases.delete(key);
    return Promise.resolve();
  }
}
