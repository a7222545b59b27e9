import type { Clock } from '../attempts/clock.js';

/** How long after its claim a push may still be written to the network, in ms. */
export const SEND_WINDOW_MS = 5_000;

/**
 * Opens now; tells whether it is still open. Told by both clocks, whichever says later: a process that
 * was frozen, or a machine whose time was set back, must not prompt a customer long after the claim.
 */
export function openSendWindow(clock: Clock): () => boolean {
  const wall = clock.now();
  const monotonic = clock.monotonic();
  return () => Math.max(clock.now() - wall, clock.monotonic() - monotonic) < SEND_WINDOW_MS;
}
