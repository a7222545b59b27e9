import type { EventTransport } from './event-transport.js';

/** How handlers are run in this process. Injected by this class. */
export abstract class StkEventSettings {
  /** Tries in all; then the event is parked for that handler. */
  abstract readonly tries: number;
  /** Delay before the second try, in ms; doubled for each further one. */
  abstract readonly firstDelayMs: number;
  /** Where all events go besides. */
  abstract readonly transports: readonly EventTransport[];
  /** Whether this process delivers events at all. */
  abstract readonly background: boolean;
}
