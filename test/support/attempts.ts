import type { AttemptRecord } from '../../lib/attempts/attempt-record.js';
import type { NewAttempt } from '../../lib/attempts/attempt-store.js';
import type { Decide, Decision, StoreFacts } from '../../lib/attempts/decision.js';
import { decide } from '../../lib/attempts/decide/decide.js';
import type { CallbackReceived, Evidence, QueryAnswered } from '../../lib/attempts/evidence.js';
import type { EvidencePolicy } from '../../lib/attempts/evidence-policy.js';
import { NOTHING_KNOWN } from '../../lib/attempts/nothing-known.js';
import { describeResultCode } from '../../lib/daraja/result-codes.js';
import type { StkCallbackMetadata } from '../../lib/attempts/stk-callback.js';

export const T0 = new Date('2026-11-24T09:00:00Z');
/** So many ms after the attempts were created. */
export const after = (ms: number): Date => new Date(T0.getTime() + ms);
export const NOW = after(1_000);
export const IDS = { merchantRequestId: 'm-1', checkoutRequestId: 'ws_CO_1' };

const CREATED: Omit<NewAttempt, 'checkAfterMs'> = {
  id: 'attempt-1',
  status: 'created',
  account: 'default',
  orderId: 'order-1',
  order: 'order:order-1',
  orderSlot: 'order:order-1',
  idempotencyKey: null,
  fingerprint: 'f',
  phoneNumber: '254712345678',
  amount: 100,
  accountReference: 'INV-001',
  transactionDesc: 'Subscription',
  transactionType: 'CustomerPayBillOnline',
  callbackUrl: null,
  metadata: null,
  ...NOTHING_KNOWN,
};

/** An attempt of an order, as `open()` takes it. */
export const aNewAttempt = (change: Partial<NewAttempt> = {}): NewAttempt => ({
  ...CREATED,
  checkAfterMs: 30_000,
  ...change,
});

/** The same attempt, just created. */
export const anAttempt = (change: Partial<AttemptRecord> = {}): AttemptRecord => ({
  ...CREATED,
  version: 1,
  createdAt: T0,
  sentAt: null,
  nextCheckAt: null,
  ...change,
});

/** The same attempt, claimed and on its way. */
export const aSendingAttempt = (change: Partial<AttemptRecord> = {}): AttemptRecord =>
  anAttempt({ status: 'sending', sends: 1, tokenHash: 'hash-1', sentAt: T0, ...change });

/** The same attempt, accepted by Daraja. */
export const aPendingAttempt = (change: Partial<AttemptRecord> = {}): AttemptRecord =>
  aSendingAttempt({ status: 'pending', ...IDS, idsFrom: 'response', promptedAt: T0, ...change });

let digests = 0;

export function aCallback(
  resultCode: string,
  metadata: StkCallbackMetadata = {},
  ids: Partial<typeof IDS> = {},
): CallbackReceived {
  digests += 1;
  return {
    kind: 'callback',
    callback: { ...IDS, ...ids, resultCode, resultDesc: '', metadata },
    digest: `digest-${digests}`,
    raw: `{"digest":${digests}}`,
    sourceIp: null,
  };
}

export const aPaidCallback = (receipt = 'UKO1AAAAAA', amount: number | string = 100) =>
  aCallback('0', { amount, receipt, paidAt: new Date('2026-11-24T09:00:20Z') });

export const aQuery = (resultCode: string | null, answered = true): QueryAnswered => ({
  kind: 'query',
  resultCode,
  answered,
});

type Policy = Pick<EvidencePolicy, keyof EvidencePolicy>;

export const POLICY: Policy = {
  describeResultCode,
  confirmation: () => 'callback',
  scheduledQueries: true,
  firstAfterMs: 15_000,
  expireAfterMs: 300_000,
  giveUpAfterMs: 172_800_000,
};

export const NO_FACTS: Omit<StoreFacts, 'now'> = {
  settledBy: null,
  receiptOwner: null,
  checkoutRequestIdOwner: null,
};

export const decideWith =
  (policy: Partial<Policy> = {}): Decide =>
  (attempt, evidence, facts) =>
    decide(attempt, evidence, { ...POLICY, ...policy, ...facts });

/** Decided by the usual policy, at NOW unless the facts say otherwise. */
export const decided = (
  attempt: AttemptRecord,
  evidence: Evidence,
  facts: Partial<StoreFacts> = {},
): Decision => decideWith()(attempt, evidence, { now: NOW, ...NO_FACTS, ...facts });
