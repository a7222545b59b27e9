import { StkCompletedLate } from '../../../lib/attempts/events/stk-completed-late.event.js';
import { StkCompleted } from '../../../lib/attempts/events/stk-completed.event.js';
import { StkDuplicatePayment } from '../../../lib/attempts/events/stk-duplicate-payment.event.js';
import { StkFailed } from '../../../lib/attempts/events/stk-failed.event.js';
import { StkNeedsReview } from '../../../lib/attempts/events/stk-needs-review.event.js';
import type { StkEventClass } from '../../../lib/attempts/events/stk-event.js';
import { warnOfUnhandledEvents } from '../../../lib/events/unhandled-events.js';

const warningFor = (...classes: StkEventClass[]) =>
  warnOfUnhandledEvents(
    classes.map(({ type }) => ({ id: type, types: [type], handle: () => undefined })),
  );

describe('warnOfUnhandledEvents', () => {
  it('warns where nothing handles StkCompleted', () => {
    expect(warningFor()).toMatch(/^Nothing handles StkCompleted/);
    expect(warningFor(StkFailed, StkCompletedLate)).toMatch(/^Nothing handles StkCompleted/);
  });

  it('names what is missing beside StkCompleted', () => {
    expect(warningFor(StkCompleted)).toMatch(
      /but not StkCompletedLate, StkDuplicatePayment, StkNeedsReview: money/,
    );
    expect(warningFor(StkCompleted, StkDuplicatePayment, StkCompletedLate)).toMatch(
      /but not StkNeedsReview: money/,
    );
  });

  it('has nothing to say where all of them are handled', () => {
    const all = [StkCompleted, StkCompletedLate, StkDuplicatePayment, StkNeedsReview];
    expect(warningFor(...all)).toBeNull();
  });
});
