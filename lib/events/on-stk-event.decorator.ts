import type { StkEvent, StkEventClass } from '../attempts/events/stk-event.js';

/** A string, so that the ESM and the CommonJS build of this package find each other's handlers. */
const METADATA_KEY = 'nestjs-mpesa:on-stk-event';

/**
 * The last argument of `@OnStkEvent()`.
 * @publicApi
 */
export interface OnStkEventOptions {
  /**
   * The handler's identity, by which the store remembers what was delivered to it: 1 to 128
   * characters without spaces. Give one where the class or the method may be renamed, or a minifier
   * renames them: under another identity it counts as a new handler, and may be given past events.
   * @default 'Class.method'
   */
  id: string;
}

/** What one `@OnStkEvent()` said. */
export interface OnStkEventMetadata {
  types: readonly string[];
  id: string | null;
}

type EventOf<C> = C extends StkEventClass<infer E> ? E : never;

/**
 * A method decorator that compiles only on methods which accept the event.
 * @publicApi
 */
export type StkEventHandlerDecorator<E extends StkEvent> = <Method extends (event: E) => unknown>(
  target: object,
  method: string,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/**
 * Calls the method with every event of these classes, after it was committed. The returned promise
 * is awaited; when it rejects the event is delivered again, with growing delay, until the tries of
 * the `events` option are used up. The method sees the events of one order one after the other, in
 * order.
 *
 * Delivery is at least once: a process that dies after the work and before the note of it does the
 * work again. `event.id` is the same then.
 *
 * For methods of singleton providers and controllers; guards, pipes and interceptors do not run. Two
 * handlers with one identity, and handlers that are request-scoped or transient, stop the
 * application's start with an `MpesaConfigError`. Modules that are loaded lazily are not searched.
 *
 * @example
 * ```ts
 * @OnStkEvent(StkCompleted)
 * async paid(event: StkCompleted) { await this.orders.markPaid(event.orderId, event.receipt); }
 * ```
 * @publicApi
 */
export function OnStkEvent<C extends [StkEventClass, ...StkEventClass[]]>(
  ...classes: C
): StkEventHandlerDecorator<EventOf<C[number]>>;
export function OnStkEvent<C extends [StkEventClass, ...StkEventClass[]]>(
  ...classesAndOptions: [...classes: C, options: OnStkEventOptions]
): StkEventHandlerDecorator<EventOf<C[number]>>;
export function OnStkEvent(
  ...given: (StkEventClass | OnStkEventOptions)[]
): StkEventHandlerDecorator<never> {
  const types = new Set(given.flatMap((one) => ('type' in one ? one.type : [])));
  const options = given.find((one): one is OnStkEventOptions => !('type' in one));
  const metadata: OnStkEventMetadata = { types: [...types], id: options?.id ?? null };
  return (target, method) => {
    if (typeof target === 'function') {
      throw new TypeError(`@OnStkEvent() is for methods of instances; ${method}() is static.`);
    }
    // By prototype and name, not on the function: a decorator above this one may replace that.
    const others = Reflect.getOwnMetadata(METADATA_KEY, target, method) as
      OnStkEventMetadata[] | undefined;
    Reflect.defineMetadata(METADATA_KEY, [metadata, ...(others ?? [])], target, method);
  };
}

/** What `@OnStkEvent()` said about a method, or about the one that it overrides. */
export function getOnStkEventMetadata(prototype: object, method: string): OnStkEventMetadata[] {
  const found: unknown = Reflect.getMetadata(METADATA_KEY, prototype, method);
  return (found as OnStkEventMetadata[] | undefined) ?? [];
}
