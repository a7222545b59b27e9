import { StkEvent, type StkEventData } from './stk-event.js';

/**
 * What a `StkExpired` carries.
 * @publicApi
 */
export interface StkExpiredData extends StkEventData {
  /** Whether Daraja ever answered a query about it; false means that we know nothing at all. */
  queryAnswered: boolean;
}

/**
 * The deadline passed without evidence either way. Still watched: money that arrives after it is
 * `StkCompletedLate`.
 * @publicApi
 */
export class StkExpired extends StkEvent<StkExpiredData> {
  /** Its stable word, in the store and on every bus. */
  static readonly type = 'stk.expired';
  /** Whether Daraja ever answered a query about it; false means that we know nothing at all. */
  declare readonly queryAnswered: boolean;
}
