/**
 * What is odd about an attempt. One list serves `StkAttempt.review`, the cause of `StkNeedsReview`
 * and the operations guide.
 * @publicApi
 */
export type StkReviewFlag = keyof typeof REVIEW_FLAGS;

/** Whether a flag is raised to people by `StkNeedsReview` when it is first set. */
const REVIEW_FLAGS = {
  /** The callback names another amount than was asked for. It counted for nothing. */
  'amount-mismatch': true,
  /** The callback names other ids than Daraja gave us for this push. It counted for nothing. */
  'id-mismatch': true,
  /** The push response was lost; the ids are those that a callback with our token brought. */
  'ids-from-callback': false,
  /** Another attempt holds the same CheckoutRequestID. */
  'checkout-request-id-reused': true,
  /** The receipt belongs to another attempt. The callback counted for nothing. */
  'receipt-reused': true,
  /** A second receipt for an attempt that has one: perhaps paid twice. The first one stays. */
  'second-receipt': true,
  /** Two final codes that differ, both negative. The first one stays. */
  'result-code-differs': false,
  /** A code that the catalogue does not know; the query decides. */
  'unknown-result-code': false,
  /** A callback says that it was paid, another that it was not. */
  'callback-conflict': true,
  /** The callback says that it was paid, the query that it was not, or the other way round. */
  'query-conflict': true,
  /** A callback said that it was paid; by the deadline no query had confirmed it. */
  'unconfirmed-success': true,
  /** The application knows the attempt's account no more: Daraja could not be asked by the deadline. */
  'account-gone': true,
  /** Nobody could tell what became of it, for as long as we ask. */
  unresolved: true,
} as const;

export const needsPerson = (flag: StkReviewFlag): boolean => REVIEW_FLAGS[flag];

/** What a person has still to look at. */
export const openFlags = ({
  review,
  reviewed,
}: {
  review: readonly StkReviewFlag[];
  reviewed: readonly StkReviewFlag[];
}): StkReviewFlag[] => review.filter((flag) => needsPerson(flag) && !reviewed.includes(flag));
