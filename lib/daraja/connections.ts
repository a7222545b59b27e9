import type { Duplex } from 'node:stream';
import type { Clock } from '../attempts/clock.js';

/** Past this the peer or something between may have dropped a quiet connection without a word. */
export const MAX_IDLE_MS = 4_000;

export type OnConnection = (error: Error | null, connection: Duplex) => void;

/** Opens connections, and knows of each when it was last used. */
export class Connections {
  readonly #lastUsed = new WeakMap<Duplex, { wall: number; monotonic: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly connectTimeoutMs: number,
  ) {}

  /**
   * Hands the connection over when it stands, and not before: Node would let a request queue its
   * bytes on a socket that is still connecting, to be written whenever that comes about.
   */
  open(connection: Duplex, ready: 'connect' | 'secureConnect', onConnection: OnConnection): void {
    let settled = false;
    const settle = (error: Error | null): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      onConnection(error, connection);
    };
    const timer = setTimeout(() => {
      connection.destroy(Object.assign(new Error('Not connected'), { code: 'ECONNECTTIMEOUT' }));
    }, this.connectTimeoutMs);
    // Not taken off again: between here and the request nobody else listens for errors.
    connection.on('error', settle);
    connection.once(ready, () => {
      this.used(connection);
      settle(null);
    });
  }

  used(connection: Duplex): void {
    this.#lastUsed.set(connection, { wall: this.clock.now(), monotonic: this.clock.monotonic() });
  }

  /**
   * Whether the connection is one of ours and was used a moment ago. Asks the clocks, not a timer:
   * in a process that was stopped the timers are as late as the rest of it.
   */
  isFresh(connection: Duplex): boolean {
    const last = this.#lastUsed.get(connection);
    if (!last) return false;
    const idleWall = this.clock.now() - last.wall;
    const idleMonotonic = this.clock.monotonic() - last.monotonic;
    return Math.max(idleWall, idleMonotonic) <= MAX_IDLE_MS;
  }
}
