import type { StkEvent } from '../attempts/events/stk-event.js';

/** Somebody who wants events. */
export interface StkHandler {
  /** Unique, and the same after every restart: the store remembers by it what was delivered. */
  readonly id: string;
  readonly types: readonly string[];
  /** Delivered once it returns or resolves; a rejection or a throw asks for another try. */
  readonly handle: (event: StkEvent) => unknown;
  /**
   * How often it is tried, and how far apart at most, in ms, where that is not as the option `events`
   * says. Such a handler tells by itself that it fails.
   */
  readonly retries?: { readonly tries: number; readonly maxDelayMs: number };
}
