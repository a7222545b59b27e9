import type { AttemptRecord } from './attempt-record.js';

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
  traceparent: null,
} satisfies Partial<AttemptRecord>;

/**
 * Every property of an attempt. A copy of this with others put in their places is a hundred times as fast as
 * an object that properties are added to: V8 gives up on the shape of one that grows this large.
 */
export const BLANK_ATTEMPT: AttemptRecord = {
  id: '',
  version: 0,
  status: 'created',
  account: '',
  orderId: null,
  order: '',
  orderSlot: null,
  idempotencyKey: null,
  fingerprint: '',
  phoneNumber: '',
  amount: 0,
  accountReference: '',
  transactionDesc: '',
  transactionType: 'CustomerPayBillOnline',
  callbackUrl: null,
  metadata: null,
  createdAt: new Date(0),
  nextCheckAt: null,
  ...NOTHING_KNOWN,
};

const PROPERTIES = Object.keys(BLANK_ATTEMPT) as (keyof AttemptRecord)[];

/** An attempt of what `valueOf` says that its properties are. */
export function attemptOf(valueOf: (property: keyof AttemptRecord) => unknown): AttemptRecord {
  const attempt: Record<string, unknown> = { ...BLANK_ATTEMPT };
  for (const property of PROPERTIES) attempt[property] = valueOf(property);
  return attempt as unknown as AttemptRecord;
}
