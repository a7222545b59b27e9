import type { Socket } from 'node:net';
import type { Clock } from '../attempts/clock.js';

/** Past this the peer or something between may have dropped a quiet connection without a word. */
export const MAX_IDLE_MS = 4_000;

/** The socket of a connection: null until it stands. */
export interface Line {
  socket: Socket | null;
}

/** Knows of each connection when it was last used. */
export class Connections {
  readonly #lastUsed = new WeakMap<Socket, { wall: number; monotonic: number }>();

  constructor(private readonly clock: Clock) {}

  used(connection: Socket): void {
    this.#lastUsed.set(connection, { wall: this.clock.now(), monotonic: this.clock.monotonic() });
  }

  /**
   * Whether the connection is one of ours and was used a moment ago. Asks the clocks, not a timer:
   * in a process that was stopped the timers are as late as the rest of it.
   */
  isFresh(connection: Socket): boolean {
    const last = this.#lastUsed.get(connection);
    if (!last) return false;
    const idleWall = this.clock.now() - last.wall;
    const idleMonotonic = this.clock.monotonic() - last.monotonic;
    return Math.max(idleWall, idleMonotonic) <= MAX_IDLE_MS;
  }
}
