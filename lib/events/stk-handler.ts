import type { StkEvent } from '../attempts/events/stk-event.js';

/** Somebody who wants events. */
export interface StkHandler {
  /** Unique, and the same after every restart: the store remembers by it what was delivered. */
  readonly id: string;
  readonly types: readonly string[];
  /** Delivered once it returns or resolves; a rejection or a throw asks for another try. */
  readonly handle: (event: StkEvent) => unknown;
}
