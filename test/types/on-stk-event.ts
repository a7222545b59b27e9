// What may and may not be decorated. Nothing here runs: the compiler is the test.
import { StkCompletedLate } from '../../lib/attempts/events/stk-completed-late.event.js';
import { StkCompleted } from '../../lib/attempts/events/stk-completed.event.js';
import type { StkEvent } from '../../lib/attempts/events/stk-event.js';
import { StkFailed } from '../../lib/attempts/events/stk-failed.event.js';
import { OnStkEvent } from '../../lib/events/on-stk-event.decorator.js';

export class Accepted {
  @OnStkEvent(StkCompleted)
  async one(event: StkCompleted): Promise<string | null> {
    await Promise.resolve();
    return event.receipt;
  }

  @OnStkEvent(StkCompleted, StkFailed)
  union(event: StkCompleted | StkFailed): string {
    return event instanceof StkFailed ? event.reason : event.confirmedBy;
  }

  @OnStkEvent(StkCompleted, StkFailed, { id: 'any' })
  every(event: StkEvent): string {
    return event.id;
  }

  @OnStkEvent(StkCompleted, { id: 'none' })
  none(): void {}

  @OnStkEvent(StkCompleted)
  protected narrow(event: { orderId: string | null }): string | null {
    return event.orderId;
  }
}

export class Refused {
  // @ts-expect-error another event
  @OnStkEvent(StkCompleted)
  other(event: StkFailed): string {
    return typeof event;
  }

  // @ts-expect-error only one of the two
  @OnStkEvent(StkCompleted, StkFailed)
  half(event: StkCompleted): string {
    return typeof event;
  }

  // @ts-expect-error only one of the two, with an id
  @OnStkEvent(StkCompleted, StkFailed, { id: 'half' })
  halfWithId(event: StkCompleted): string {
    return typeof event;
  }

  // @ts-expect-error StkCompleted does not say what you had been told before
  @OnStkEvent(StkCompleted)
  late(event: StkCompletedLate): string {
    return typeof event;
  }

  // @ts-expect-error not an event
  @OnStkEvent(StkCompleted)
  number(event: number): string {
    return typeof event;
  }

  // @ts-expect-error nobody gives a second argument
  @OnStkEvent(StkCompleted)
  two(event: StkCompleted, ack: () => void): string {
    ack();
    return typeof event;
  }

  // @ts-expect-error an event is missing
  @OnStkEvent()
  nothing(): void {}

  // @ts-expect-error no event either
  @OnStkEvent({ id: 'nothing' })
  onlyOptions(): void {}

  // @ts-expect-error not a class of event
  @OnStkEvent(Date)
  date(): void {}

  // @ts-expect-error the name of an event is not its class
  @OnStkEvent('stk.completed')
  name(): void {}

  // @ts-expect-error options come last
  @OnStkEvent({ id: 'first' }, StkCompleted)
  optionsFirst(): void {}

  // @ts-expect-error an id is text
  @OnStkEvent(StkCompleted, { id: 5 })
  numberedId(): void {}

  // @ts-expect-error a symbol is no identity
  @OnStkEvent(StkCompleted)
  [Symbol.iterator](): void {}
}

// @ts-expect-error a class is not a method
@OnStkEvent(StkCompleted)
export class NotAMethod {}
