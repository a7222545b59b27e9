import { StkEvent, type StkEventData } from './stk-event.js';

/**
 * What a `StkRejected` carries.
 * @publicApi
 */
export interface StkRejectedData extends StkEventData {
  /** `refused`: Daraja said no. `not-sent`: the request never left. */
  cause: 'refused' | 'not-sent';
  /** Daraja's error code, where there was an answer. */
  errorCode: string | null;
  /** For people. */
  message: string;
}

/**
 * Daraja definitely refused the push, or it is proven that nothing was sent. No phone was asked.
 * @publicApi
 */
export class StkRejected extends StkEvent<StkRejectedData> {
  /** Its stable word, in the store and on every bus. */
  static readonly type = 'stk.rejected';
  /** `refused`: Daraja said no. `not-sent`: the request never left. */
  declare readonly cause: 'refused' | 'not-sent';
  /** Daraja's error code, where there was an answer. */
  declare readonly errorCode: string | null;
  /** For people. */
  declare readonly message: string;
}
