import type { Draft } from './draft.js';
import { askNow, canAsk } from './schedule.js';

/** Something untrustworthy came: at most once, Daraja is asked sooner because of it. */
export function onNudge(draft: Draft): void {
  if (draft.attempt.nudged || !canAsk(draft)) return;
  draft.set({ nudged: true });
  askNow(draft);
}
