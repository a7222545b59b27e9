import type { StkEvent } from '../attempts/events/stk-event.js';

/**
 * Carries committed events out of the application, as a port: to a message broker, a queue, another
 * service. Each transport of the option `eventTransports` is given every event, by the same outbox that
 * serves `@OnStkEvent()` handlers: at least once, in order for one order, until it says that it has it.
 *
 * An event that was not taken is offered again after `events.firstDelayMs`, then after twice the time, at
 * most a minute apart, for about a day; then it is parked for this transport alone.
 * @publicApi
 */
export abstract class EventTransport {
  /**
   * By what the store remembers what was delivered: 1 to 100 characters without spaces, no two alike in
   * an application, and the same in all its processes and after every restart. Under another one it
   * counts as a new transport, and may be given past events. `StkAdminService` knows it as the handler
   * `transport:<id>`.
   */
  abstract readonly id: string;

  /**
   * Resolves once the event is where it cannot be lost: confirmed by a broker, not merely written to a
   * socket. Whatever else happened rejects, and so does what takes too long: nothing here ends a call.
   * The same event may come again, with the same `event.id`.
   */
  abstract publish(event: StkEvent): Promise<void>;
}
