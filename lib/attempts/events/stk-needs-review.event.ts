import type { StkAttemptStatus } from '../attempt-status.js';
import type { JsonObject } from '../json.js';
import type { StkReviewFlag } from '../review-flag.js';
import { StkEvent, type StkEventData } from './stk-event.js';

/**
 * What a `StkNeedsReview` carries.
 * @publicApi
 */
export interface StkNeedsReviewData extends StkEventData {
  /** What is odd; the guide to operations says what to do about each. */
  flag: StkReviewFlag;
  /** The attempt's status when it was raised. */
  status: StkAttemptStatus;
  /** What was received against what was expected, without personal data. */
  evidence: JsonObject;
}

/**
 * Two things that we were told contradict each other, or money may have moved that nobody confirmed.
 * A person should look.
 * @publicApi
 */
export class StkNeedsReview extends StkEvent<StkNeedsReviewData> {
  /** Its stable word, in the store and on every bus. */
  static readonly type = 'stk.needs-review';
  /** What is odd; the guide to operations says what to do about each. */
  declare readonly flag: StkReviewFlag;
  /** The attempt's status when it was raised. */
  declare readonly status: StkAttemptStatus;
  /** What was received against what was expected, without personal data. */
  declare readonly evidence: JsonObject;
}
