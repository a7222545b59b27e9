import { Subject } from 'rxjs';
import type { AttemptRecord } from './attempt-record.js';
import {
  AttemptStore,
  type Opening,
  type QuarantinedCallback,
  type SendClaim,
  type SendClaimed,
  type Settlement,
} from './attempt-store.js';
import type { Clock } from './clock.js';
import type { Decide, StoreFacts } from './decision.js';
import type { FactsNeeded } from './decide/facts-needed.js';
import type { EventClaim, EventDelivery } from './event-delivery.js';
import type { CallbackReceived, Evidence } from './evidence.js';
import { settle } from './settle.js';
import { InMemoryOutbox } from './in-memory-outbox.js';

/** Older ones are forgotten: whoever sends forgeries must not fill the memory. */
const QUARANTINE_SIZE = 1_000;

/**
 * Keeps attempts in this process's memory: for a first try and for tests. A restart forgets all.
 */
export class InMemoryAttemptStore extends AttemptStore {
  readonly commits = new Subject<string>();
  readonly quarantined: QuarantinedCallback[] = [];
  private readonly attempts = new Map<string, AttemptRecord>();
  /** The attempt that paid, by order. */
  private readonly settlements = new Map<string, string>();
  /** Digests of the callbacks that were taken, and those which wait, by attempt. */
  private readonly inbox = new Map<string, { digests: Set<string>; waiting: CallbackReceived[] }>();
  private readonly outbox = new InMemoryOutbox();
  private lastTransaction: Promise<unknown> = Promise.resolve();

  constructor(private readonly clock: Clock) {
    super();
  }

  open(attempt: AttemptRecord): Promise<Opening> {
    return this.transaction(() => {
      const { idempotencyKey, order } = attempt;
      const replay = idempotencyKey && this.findWhere((a) => a.idempotencyKey === idempotencyKey);
      if (replay) {
        const same = replay.fingerprint === attempt.fingerprint;
        return { outcome: same ? 'replayed' : 'key-reused', attempt: replay };
      }
      const paid = this.settlementOf(order);
      if (paid) return { outcome: 'order-paid', attempt: paid };
      const busy = this.findWhere((a) => a.orderSlot === order);
      if (busy) return { outcome: 'order-busy', attempt: busy };
      return { outcome: 'opened', attempt: this.write(attempt) };
    });
  }

  claimSend(claim: SendClaim): Promise<SendClaimed> {
    return this.transaction(() => {
      const attempt = this.attempts.get(claim.attemptId);
      if (!attempt) throw new Error(`There is no attempt ${claim.attemptId}`);
      const paidBy = this.settlementOf(attempt.order);
      if (paidBy && paidBy.id !== attempt.id) return { outcome: 'order-paid', attempt: paidBy };
      const sendable = attempt.status === 'created' || attempt.status === 'sending';
      if (!sendable || attempt.sends !== claim.sends) return { outcome: 'lost', attempt };
      const { tokenHash, nextCheckAt } = claim;
      const sends = attempt.sends + 1;
      const sentAt = this.now();
      const next = this.write({
        ...attempt,
        status: 'sending',
        tokenHash,
        nextCheckAt,
        sends,
        sentAt,
      });
      return { outcome: 'claimed', attempt: next };
    });
  }

  settle(
    target: { attemptId: string } | { tokenHash: string },
    evidence: Evidence,
    decide: Decide,
  ): Promise<Settlement | null> {
    return this.transaction(async () => {
      const attempt =
        'attemptId' in target
          ? this.attempts.get(target.attemptId)
          : this.findWhere((a) => a.tokenHash === target.tokenHash);
      if (!attempt) return null;
      const inbox = this.inboxOf(attempt);
      if (evidence.kind === 'callback' && inbox.digests.has(evidence.digest)) {
        return { attempt, callback: 'duplicate' };
      }
      const result = await settle(
        {
          facts: (asking, needed) => Promise.resolve(this.facts(asking, needed)),
          deferredCallbacks: () => Promise.resolve(inbox.waiting),
        },
        attempt,
        evidence,
        decide,
      );
      if (attempt.status === 'sending' && result.attempt.status !== 'sending') inbox.waiting = [];
      if (evidence.kind === 'callback') {
        inbox.digests.add(evidence.digest);
        if (result.callback === 'deferred') inbox.waiting.push(evidence);
      }
      if (result.settlesOrder) this.settlements.set(attempt.order, attempt.id);
      for (const event of result.events) this.outbox.add(event, attempt.order);
      const next = result.attempt === attempt ? attempt : this.write(result.attempt);
      return { attempt: next, callback: result.callback };
    });
  }

  quarantine(callback: QuarantinedCallback): Promise<void> {
    this.quarantined.push(callback);
    if (this.quarantined.length > QUARANTINE_SIZE) this.quarantined.shift();
    return Promise.resolve();
  }

  find(id: string): Promise<AttemptRecord | null> {
    return Promise.resolve(this.attempts.get(id) ?? null);
  }

  findByCheckoutRequestId(checkoutRequestId: string): Promise<AttemptRecord | null> {
    return Promise.resolve(this.findWhere((a) => a.checkoutRequestId === checkoutRequestId));
  }

  findByOrder(orderId: string): Promise<AttemptRecord[]> {
    return Promise.resolve([...this.attempts.values()].filter((a) => a.orderId === orderId));
  }

  findByReceipt(receipt: string): Promise<AttemptRecord | null> {
    return Promise.resolve(this.findWhere((a) => a.receipt === receipt));
  }

  claimEvents(claim: EventClaim): Promise<EventDelivery[]> {
    return this.transaction(() => this.outbox.claim(claim, this.clock.now()));
  }

  acknowledge(
    delivery: EventDelivery,
    outcome: { done: true } | { retryAt: Date } | { dead: string },
  ): Promise<boolean> {
    return this.transaction(() => {
      const progress = this.outbox.leased(delivery);
      if (!progress) return false;
      progress.lockedUntil = 0;
      if ('retryAt' in outcome) progress.retryAt = outcome.retryAt.getTime();
      else progress.ended = 'done' in outcome ? 'done' : 'dead';
      return true;
    });
  }

  renew(delivery: EventDelivery, leaseMs: number): Promise<boolean> {
    return this.transaction(() => {
      const progress = this.outbox.leased(delivery);
      if (progress) progress.lockedUntil = this.clock.now() + leaseMs;
      return progress !== null;
    });
  }

  /** One at a time, and the news of it after it is done. */
  private transaction<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.lastTransaction.then(work);
    this.lastTransaction = result.catch(() => undefined);
    return result;
  }

  private write(attempt: AttemptRecord): AttemptRecord {
    const next = Object.freeze({ ...attempt, version: attempt.version + 1 });
    this.attempts.set(next.id, next);
    queueMicrotask(() => {
      this.commits.next(next.id);
    });
    return next;
  }

  private facts(asking: AttemptRecord, needed: FactsNeeded): StoreFacts {
    const { receipt, checkoutRequestId } = needed;
    const others = (matches: (a: AttemptRecord) => boolean) =>
      this.findWhere((a) => a.id !== asking.id && matches(a))?.id ?? null;
    return {
      now: this.now(),
      settledBy: this.settlements.get(asking.order) ?? null,
      receiptOwner: receipt && others((a) => a.receipt === receipt),
      checkoutRequestIdOwner:
        checkoutRequestId && others((a) => a.checkoutRequestId === checkoutRequestId),
    };
  }

  private findWhere(matches: (attempt: AttemptRecord) => boolean): AttemptRecord | null {
    for (const attempt of this.attempts.values()) if (matches(attempt)) return attempt;
    return null;
  }

  private settlementOf(order: string): AttemptRecord | null {
    return this.attempts.get(this.settlements.get(order) ?? '') ?? null;
  }

  private inboxOf({ id }: AttemptRecord): { digests: Set<string>; waiting: CallbackReceived[] } {
    const known = this.inbox.get(id);
    if (known) return known;
    const fresh = { digests: new Set<string>(), waiting: [] };
    this.inbox.set(id, fresh);
    return fresh;
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}
