import type { JsonObject } from '../json.js';

/** What every event carries. @publicApi */
export interface StkEventData {
  /** `<attemptId>:<type>`, a review's with `:<flag>` behind it. The same thing told twice has the same id. */
  id: string;
  /** Id of the attempt that it became of. */
  attemptId: string;
  /** Name of the account that asked; `default` for the one of the top-level options. */
  account: string;
  /** Your own, as `push()` was given it; null where it was given none. */
  orderId: string | null;
  /** When it was decided, by the clock of the store: not when you are told of it. */
  occurredAt: Date;
  /** What `push()` was given to keep; null where nothing, or once it was erased. */
  metadata: JsonObject | null;
}

/**
 * Something that became of an attempt. Told apart by `type`, never by class identity, and free of
 * personal data and secrets, so that it can be logged and sent on.
 * @publicApi
 */
export abstract class StkEvent<T extends StkEventData = StkEventData> implements StkEventData {
  declare readonly id: string;
  declare readonly attemptId: string;
  declare readonly account: string;
  declare readonly orderId: string | null;
  declare readonly occurredAt: Date;
  declare readonly metadata: JsonObject | null;

  constructor(data: T) {
    Object.assign(this, data);
  }

  /** The class's own `type`: `stk.completed` and the like. */
  get type(): string {
    return (this.constructor as StkEventClass).type;
  }
}

/**
 * A class of event, as `@OnStkEvent()` takes it.
 * @publicApi
 */
export interface StkEventClass<E extends StkEvent = StkEvent> {
  /** Stable word for it: `stk.completed` and the like. */
  readonly type: string;
  new (data: never): E;
}
