import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { NOTHING_KNOWN } from '../../attempts/nothing-known.js';
import type { AttemptRecord } from '../../attempts/attempt-record.js';
import type {
  AttemptStore,
  NewAttempt,
  SendClaim,
  Settlement,
} from '../../attempts/attempt-store.js';
import { drawCallbackToken, hashCallbackToken } from '../../attempts/callback-token.js';
import type { Decide } from '../../attempts/decision.js';
import type { EventDelivery } from '../../attempts/event-delivery.js';
import type { CallbackReceived, Evidence, PushAccepted } from '../../attempts/evidence.js';
import type { StkCallbackMetadata } from '../../attempts/stk-callback.js';
import { decideByDefault } from './decide-by-default.js';
import type { StoreConformanceContext } from './store-conformance-check.js';

/** Long enough to be still running when a check looks, in ms. */
export const LONG_MS = 60_000;
/** Short enough to be waited for, in ms. */
export const SHORT_MS = 100;

/** The store under test, and the stories that the checks tell it. */
export class StoreSubject {
  readonly store: AttemptStore;
  readonly other: AttemptStore;
  readonly advance: (ms: number) => Promise<void>;
  private drawn = 0;

  constructor(context: StoreConformanceContext) {
    this.store = context.store;
    this.other = context.otherStore ?? context.store;
    this.advance = (ms) => context.advance(ms);
  }

  /** A new attempt, of an order of its own where none is given. */
  newAttempt(change: Partial<NewAttempt> = {}): NewAttempt {
    const id = randomUUID();
    const { orderId = `order-${this.next()}`, idempotencyKey = null } = change;
    const order = orderId
      ? `order:${orderId}`
      : idempotencyKey
        ? `key:${idempotencyKey}`
        : `id:${id}`;
    return {
      id,
      status: 'created',
      account: 'default',
      orderId,
      order,
      orderSlot: order,
      idempotencyKey,
      fingerprint: sha256('input'),
      phoneNumber: '254712345678',
      amount: 100,
      accountReference: 'INV-001',
      transactionDesc: 'Subscription',
      transactionType: 'CustomerPayBillOnline',
      callbackUrl: null,
      metadata: null,
      ...NOTHING_KNOWN,
      checkAfterMs: LONG_MS,
      ...change,
    };
  }

  async open(change?: Partial<NewAttempt>): Promise<AttemptRecord> {
    const { outcome, attempt } = await this.store.open(this.newAttempt(change));
    assert.equal(outcome, 'opened', 'an attempt of an order that is free');
    return attempt;
  }

  claimOf(attempt: AttemptRecord, change: Partial<SendClaim> = {}): SendClaim {
    const tokenHash = hashCallbackToken(drawCallbackToken());
    const { id: attemptId, sends } = attempt;
    return { attemptId, sends, tokenHash, sendWithinMs: LONG_MS, checkAfterMs: LONG_MS, ...change };
  }

  async claim(attempt: AttemptRecord, change?: Partial<SendClaim>): Promise<AttemptRecord> {
    const claimed = await this.store.claimSend(this.claimOf(attempt, change));
    assert.equal(claimed.outcome, 'claimed', 'a claim that nobody contests');
    return claimed.attempt;
  }

  async sending(change?: Partial<NewAttempt>): Promise<AttemptRecord> {
    return this.claim(await this.open(change));
  }

  async pending(change?: Partial<NewAttempt>): Promise<AttemptRecord> {
    const attempt = await this.sending(change);
    return (await this.settle(attempt, this.accepted())).attempt;
  }

  accepted(checkoutRequestId = `ws_CO_${this.next()}`): PushAccepted {
    return { kind: 'push-accepted', merchantRequestId: `m-${this.next()}`, checkoutRequestId };
  }

  paid(
    attempt: Pick<AttemptRecord, 'merchantRequestId' | 'checkoutRequestId'>,
    metadata: StkCallbackMetadata = {},
  ): CallbackReceived {
    const receipt = `UKO${String(this.next()).padStart(7, '0')}`;
    return this.callback(attempt, '0', { amount: 100, receipt, ...metadata });
  }

  /** A callback whose body came never before. */
  callback(
    attempt: Pick<AttemptRecord, 'merchantRequestId' | 'checkoutRequestId'>,
    resultCode: string,
    metadata: StkCallbackMetadata = {},
  ): CallbackReceived {
    const { merchantRequestId, checkoutRequestId } = attempt;
    assert(merchantRequestId && checkoutRequestId);
    const resultDesc = 'as Daraja words it';
    const raw = `{"callback":${this.next()}}`;
    return {
      kind: 'callback',
      callback: { merchantRequestId, checkoutRequestId, resultCode, resultDesc, metadata },
      digest: sha256(raw),
      raw,
      sourceIp: '127.0.0.1',
    };
  }

  async settle(
    attempt: Pick<AttemptRecord, 'id'>,
    evidence: Evidence,
    {
      store = this.store,
      decide = decideByDefault,
    }: { store?: AttemptStore; decide?: Decide } = {},
  ): Promise<Settlement> {
    const settlement = await store.settle({ attemptId: attempt.id }, evidence, decide);
    assert(settlement, 'the attempt exists');
    return settlement;
  }

  async found(attempt: Pick<AttemptRecord, 'id'>): Promise<AttemptRecord> {
    const found = await this.store.find(attempt.id);
    assert(found, 'the attempt exists');
    return found;
  }

  subscribe(handlers: Record<string, readonly string[]>): Promise<void> {
    return this.store.subscribe(new Map(Object.entries(handlers)));
  }

  take(
    handler: string | readonly string[],
    { store = this.store, limit = 100, leaseMs = LONG_MS } = {},
  ): Promise<EventDelivery[]> {
    return store.claimEvents({ handlers: [handler].flat(), limit, leaseMs });
  }

  async takeOne(handler: string, options?: { leaseMs: number }): Promise<EventDelivery> {
    const [delivery, ...others] = await this.take(handler, options);
    assert(delivery, `${handler} has a delivery that is due`);
    assert.equal(others.length, 0, `${handler} has no other delivery that is due`);
    return delivery;
  }

  /** Takes and ends all that a handler is to be told, as `type` in order. */
  async drain(handler: string): Promise<string[]> {
    const types: string[] = [];
    for (;;) {
      const deliveries = await this.take(handler);
      if (deliveries.length === 0) return types;
      for (const delivery of deliveries) {
        types.push(delivery.event.type);
        assert(await this.store.acknowledge(delivery, { done: true }), 'the lease is held');
      }
    }
  }

  private next(): number {
    this.drawn += 1;
    return this.drawn;
  }
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const times = <T>(count: number, work: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => work(index));

/** How often each word is there: `{ opened: 1, 'order-busy': 199 }`. */
export function tally(words: readonly (string | null)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[String(word)] = (counts[String(word)] ?? 0) + 1;
  return counts;
}
