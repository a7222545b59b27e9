import type { StkEvent } from './events/stk-event.js';

/** One event on its way to one handler. */
export interface EventDelivery {
  event: StkEvent;
  /** The handler's identity: `Class.method`, or the id that it was given. */
  handler: string;
  /** This try, counted from 1. */
  tries: number;
  /** The attempt's, see there. */
  traceparent: string | null;
  /** Tells this lease from an older one of the same delivery. */
  fence: number;
}

/** What a process asks for. */
export interface EventClaim {
  /** The identities of its handlers, each of which was subscribed. */
  handlers: readonly string[];
  limit: number;
  /** How long the claimed deliveries are its own, in ms. */
  leaseMs: number;
}

/** How a delivery ended: for good, for now, or parked with the reason. */
export type DeliveryOutcome = { done: true } | { retryAfterMs: number } | { dead: string };
