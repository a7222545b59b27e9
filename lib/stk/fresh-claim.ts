import { drawCallbackToken, hashCallbackToken } from '../attempts/callback-token.js';
import type { Clock } from '../attempts/clock.js';
import type { ResolvedMpesaOptions } from '../mpesa-resolved-options.js';
import { openSendWindow, SEND_WINDOW_MS } from './send-window.js';

/** How long after its last possible moment a claimed push is taken as left behind, in ms. */
const SWEEP_MARGIN_MS = 5_000;

/**
 * What a send is claimed with. Drawn before the claim is written: a process that is frozen on the way back
 * from it must not send late.
 */
export interface FreshClaim {
  callbackToken: string;
  /** What the store keeps of it. */
  tokenHash: string;
  /** When somebody must look at the attempt, should this process die, in ms. */
  checkAfterMs: number;
  mayStillSend: () => boolean;
}

export function freshClaim(
  clock: Clock,
  { totalTimeoutMs }: ResolvedMpesaOptions['http'],
): FreshClaim {
  const mayStillSend = openSendWindow(clock);
  const callbackToken = drawCallbackToken();
  return {
    callbackToken,
    tokenHash: hashCallbackToken(callbackToken),
    checkAfterMs: SEND_WINDOW_MS + totalTimeoutMs + SWEEP_MARGIN_MS,
    mayStillSend,
  };
}
