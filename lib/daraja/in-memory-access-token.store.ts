import { BoundedMap } from '../bounded-map.js';
import { AccessTokenStore } from './access-token-store.js';
import type { AccessTokenEntry } from './access-token-store.js';

/** Access tokens of this process alone. */
export class InMemoryAccessTokenStore extends AccessTokenStore {
  readonly #entries = new BoundedMap<string, AccessTokenEntry>();
  /** Without their leases' ends: who holds one dies with this store. */
  readonly #holders = new Map<string, string>();

  get(key: string): Promise<AccessTokenEntry | null> {
    return Promise.resolve(this.#entries.get(key) ?? null);
  }

  set(key: string, entry: AccessTokenEntry): Promise<void> {
    this.#entries.set(key, entry);
    return Promise.resolve();
  }

  delete(key: string, token: string): Promise<void> {
    if (this.#entries.get(key)?.token === token) this.#entries.delete(key);
    return Promise.resolve();
  }

  claim(key: string, holder: string): Promise<boolean> {
    const held = this.#holders.get(key) ?? holder;
    this.#holders.set(key, held);
    return Promise.resolve(held === holder);
  }

  release(key: string, holder: string): Promise<void> {
    if (this.#holders.get(key) === holder) this.#holders.delete(key);
    return Promise.resolve();
  }
}
