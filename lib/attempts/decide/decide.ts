import type { AttemptRecord } from '../attempt-record.js';
import type { Decision } from '../decision.js';
import type { Evidence } from '../evidence.js';
import { onCallback } from './on-callback.js';
import { Draft, type DecideContext } from './draft.js';
import { onDeadline } from './on-deadline.js';
import { onNudge } from './on-nudge.js';
import { onErased } from './on-erased.js';
import { onOperator, onReviewEnded } from './on-operator.js';
import {
  onLeftBehind,
  onNotSent,
  onPushAccepted,
  onPushRefused,
  onPushUnknown,
} from './on-push.js';
import { onQuery } from './on-query.js';
import { reschedule } from './schedule.js';

/**
 * Says what a piece of evidence makes of an attempt: the next attempt, and the events. Pure, and the
 * only place that knows. Status only rises, and neither it nor whether money was counted depends on
 * the order in which evidence comes, or on how often.
 */
export function decide(
  attempt: AttemptRecord,
  evidence: Evidence,
  context: DecideContext,
): Decision {
  const draft = new Draft(attempt, context);
  switch (evidence.kind) {
    case 'push-accepted':
      onPushAccepted(draft, evidence);
      break;
    case 'push-refused':
      onPushRefused(draft, evidence);
      break;
    case 'not-sent':
      onNotSent(draft, evidence);
      break;
    case 'push-unknown':
      onPushUnknown(draft, evidence);
      break;
    case 'left-behind':
      onLeftBehind(draft, evidence);
      break;
    case 'callback':
      onCallback(draft, evidence);
      break;
    case 'query':
      onQuery(draft, evidence);
      break;
    case 'deadline':
      onDeadline(draft, { accountGone: evidence.accountGone });
      break;
    case 'nudge':
      onNudge(draft);
      break;
    case 'operator':
      onOperator(draft, evidence);
      break;
    case 'erased':
      onErased(draft);
      break;
    case 'review-ended':
      onReviewEnded(draft, evidence);
      break;
  }
  reschedule(draft, evidence);
  return draft.decision();
}
