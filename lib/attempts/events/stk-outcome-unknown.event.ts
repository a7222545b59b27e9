import { StkEvent, type StkEventData } from './stk-event.js';

/**
 * What a `StkOutcomeUnknown` carries.
 * @publicApi
 */
export interface StkOutcomeUnknownData extends StkEventData {
  /** One word for where it broke, such as `timeout`. */
  cause: string;
}

/**
 * A prompt may be out and we hold no answer: do not ask again for this order yet. The callback, the
 * query or the deadline will tell.
 * @publicApi
 */
export class StkOutcomeUnknown extends StkEvent<StkOutcomeUnknownData> {
  /** Its stable word, in the store and on every bus. */
  static readonly type = 'stk.outcome-unknown';
  /** One word for where it broke, such as `timeout`. */
  declare readonly cause: string;
}
