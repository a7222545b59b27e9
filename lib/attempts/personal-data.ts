import { maskCheckoutRequestId } from '../redaction/mask-checkout-request-id.js';
import type { AttemptRecord } from './attempt-record.js';
import { isSettled } from './attempt-status.js';
import { openFlags } from './review-flag.js';

/** Nothing is left to find out about it, for us or for a person. */
export const isFinal = (attempt: AttemptRecord): boolean =>
  isSettled(attempt.status) &&
  attempt.nextCheckAt === null &&
  attempt.orderSlot === null &&
  openFlags(attempt).length === 0;

export const isErased = ({ phoneNumber }: Pick<AttemptRecord, 'phoneNumber'>): boolean =>
  phoneNumber === '';

/** What accounts need stays: order, reference, amount, times, receipt, and how it was found out. */
export const withoutPersonalData = ({
  checkoutRequestId,
}: AttemptRecord): Partial<AttemptRecord> => ({
  phoneNumber: '',
  checkoutRequestId: checkoutRequestId && maskCheckoutRequestId(checkoutRequestId),
  callbackUrl: null,
  metadata: null,
});

/**
 * Whether a key was used for the same input before. Of an attempt without its number that is told by the
 * rest: no hash of a number is kept, as it could be found by trying all numbers.
 */
export const isSameInput = (
  known: AttemptRecord,
  asked: Pick<AttemptRecord, 'fingerprint' | 'phoneNumber'>,
): boolean =>
  known.fingerprint === asked.fingerprint &&
  (isErased(known) || known.phoneNumber === asked.phoneNumber);
