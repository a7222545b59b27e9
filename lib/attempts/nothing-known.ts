import type { NewAttempt } from './attempt-store.js';

/** What is known of an attempt that was not sent yet: nothing. */
export const NOTHING_KNOWN = {
  tokenHash: null,
  sends: 0,
  merchantRequestId: null,
  checkoutRequestId: null,
  idsFrom: null,
  heard: [],
  noted: null,
  receipt: null,
  resultCode: null,
  reason: null,
  confirmedBy: null,
  late: false,
  review: [],
  reviewed: [],
  told: null,
  queryAnswered: false,
  nudged: false,
  askAt: null,
  askRank: null,
  looks: 0,
  sentAt: null,
  promptedAt: null,
  settledAt: null,
  paidAt: null,
} satisfies Partial<NewAttempt>;
