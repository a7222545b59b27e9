import { Subject } from 'rxjs';
import type { StkHistoryEntry } from './attempt-history.js';
import type { AttemptRecord } from './attempt-record.js';
import {
  AttemptStore,
  type AttemptPage,
  type DeadDelivery,
  type NewAttempt,
  type Opening,
  type QuarantinedCallback,
  type SendClaim,
  type SendClaimed,
  type Settlement,
  type StoredCallback,
  type StoredQuarantine,
  type StoreLag,
} from './attempt-store.js';
import type { Clock } from './clock.js';
import type { Decide, StoreFacts } from './decision.js';
import type { FactsNeeded } from './decide/facts-needed.js';
import type { DeliveryOutcome, EventClaim, EventDelivery } from './event-delivery.js';
import type { Evidence } from './evidence.js';
import { attemptOf } from './nothing-known.js';
import { settle } from './settle.js';
import type { StkTransaction } from './stk-transaction.js';
import { StkTransactionError } from './stk-transaction.error.js';
import { InMemoryAttempts } from './in-memory-attempts.js';
import { accountsOf, firstToAsk, lagOf, looksDue, queriesDue } from './in-memory-due.js';
import { InMemoryInbox } from './in-memory-inbox.js';
import { erasableOf, hindranceOf, ownersOf, pageOf } from './in-memory-lists.js';
import { InMemoryOutbox } from './in-memory-outbox.js';
import { InMemoryQuarantine } from './in-memory-quarantine.js';

/**
 * Keeps attempts in this process's memory: for a first try and for tests. A restart forgets all.
 */
export class InMemoryAttemptStore extends AttemptStore {
  readonly commits = new Subject<string>();
  private readonly attempts = new InMemoryAttempts();
  /** The attempt that paid, by order. */
  private readonly settlements = new Map<string, string>();
  private readonly inbox = new InMemoryInbox();
  private readonly outbox = new InMemoryOutbox();
  private readonly setAside = new InMemoryQuarantine();
  private lastTransaction: Promise<unknown> = Promise.resolve();

  constructor(private readonly clock: Clock) {
    super();
  }

  /** All callbacks in quarantine, oldest first. */
  get quarantined(): StoredQuarantine[] {
    return this.setAside.list({ limit: Infinity }).reverse();
  }

  open(opened: NewAttempt, transaction?: StkTransaction): Promise<Opening> {
    if (transaction) {
      const message =
        'Attempts that are kept in memory take part in no transaction of yours: call push(), or prepare() ' +
        'without manager, or keep them with typeOrmPersistence().';
      return Promise.reject(new StkTransactionError(message));
    }
    return this.transaction(() => {
      const hindrance = hindranceOf(this.attempts, opened, this.settlementOf(opened.order));
      if (hindrance) return hindrance;
      const createdAt = this.now();
      const sentAt = opened.status === 'sending' ? createdAt : null;
      const nextCheckAt = this.later(opened.checkAfterMs);
      const own: Partial<AttemptRecord> = { version: 1, createdAt, sentAt, nextCheckAt };
      const given: Partial<AttemptRecord> = opened;
      const attempt = attemptOf((property) => (property in own ? own : given)[property]);
      return { outcome: 'opened', attempt: this.keep(attempt) };
    });
  }

  claimSend(claim: SendClaim): Promise<SendClaimed> {
    return this.transaction(() => {
      const attempt = this.attempts.get(claim.attemptId);
      if (!attempt) throw new Error(`There is no attempt ${claim.attemptId}`);
      const paidBy = this.settlementOf(attempt.order);
      if (paidBy && paidBy.id !== attempt.id) return { outcome: 'order-paid', attempt: paidBy };
      const sendable = attempt.status === 'created' || attempt.status === 'sending';
      const age = this.clock.now() - attempt.createdAt.getTime();
      const tooLate = attempt.status === 'created' && age > claim.sendWithinMs;
      if (!sendable || tooLate || attempt.sends !== claim.sends) {
        return { outcome: 'lost', attempt };
      }
      const next = this.write({
        ...attempt,
        status: 'sending',
        tokenHash: claim.tokenHash,
        nextCheckAt: this.later(claim.checkAfterMs),
        sends: attempt.sends + 1,
        sentAt: this.now(),
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
      const attempt = this.attempts.of(target);
      if (!attempt) return null;
      const inbox = this.inbox.of(attempt.id);
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
        const disposition = result.callback ?? 'applied';
        inbox.callbacks.push({ receivedAt: this.now(), disposition, raw: evidence.raw });
      }
      inbox.history.push(...result.history);
      if (result.settlesOrder) this.settlements.set(attempt.order, attempt.id);
      for (const event of result.events) this.outbox.add(event, attempt, this.clock.now());
      const next = result.raisesVersion ? this.write(result.attempt) : attempt;
      return { attempt: next, callback: result.callback };
    });
  }

  quarantine(callback: QuarantinedCallback): Promise<void> {
    this.setAside.add(callback);
    return Promise.resolve();
  }

  listQuarantined(page: { limit: number; after?: string }): Promise<StoredQuarantine[]> {
    return Promise.resolve(this.setAside.list(page));
  }

  findQuarantined(id: string): Promise<StoredQuarantine | null> {
    return Promise.resolve(this.setAside.find(id));
  }

  markReplayed(quarantinedId: string): Promise<boolean> {
    return Promise.resolve(this.setAside.markReplayed(quarantinedId, this.now()));
  }

  find(id: string): Promise<AttemptRecord | null> {
    return Promise.resolve(this.attempts.get(id));
  }

  findByCheckoutRequestId(checkoutRequestId: string): Promise<AttemptRecord | null> {
    return Promise.resolve(this.attempts.first('checkoutRequestId', checkoutRequestId));
  }

  findByOrder(orderId: string): Promise<AttemptRecord[]> {
    return Promise.resolve(this.attempts.holding('orderId', orderId));
  }

  findByReceipt(receipt: string): Promise<AttemptRecord | null> {
    return Promise.resolve(this.attempts.first('receipt', receipt));
  }

  findByPhone(phoneNumber: string): Promise<AttemptRecord[]> {
    return Promise.resolve(this.attempts.holding('phoneNumber', phoneNumber));
  }

  erasable(page: { createdBefore: Date; limit: number }): Promise<AttemptRecord[]> {
    const isOwed = (order: string) => this.outbox.isOwed(order);
    return Promise.resolve(erasableOf(this.attempts.all(), page, isOwed));
  }

  forgetPerson(attemptId: string): Promise<boolean> {
    return this.transaction(() => {
      const attempt = this.attempts.get(attemptId);
      if (!attempt || this.outbox.isOwed(attempt.order)) return false;
      this.inbox.forgetPerson(attemptId);
      this.outbox.forgetPerson(attemptId);
      return true;
    });
  }

  forgetBodies({ receivedBefore, limit }: { receivedBefore: Date; limit: number }) {
    return this.transaction(() => {
      const aside = this.setAside.forgetBodies(receivedBefore, limit);
      return aside + this.inbox.forgetBodies(limit - aside, (c) => c.receivedAt < receivedBefore);
    });
  }

  list(page: AttemptPage): Promise<AttemptRecord[]> {
    return Promise.resolve(pageOf(this.attempts.all(), page));
  }

  history(attemptId: string): Promise<StkHistoryEntry[]> {
    return Promise.resolve([...this.inbox.of(attemptId).history]);
  }

  callbacks(attemptId: string): Promise<StoredCallback[]> {
    return Promise.resolve(this.inbox.of(attemptId).callbacks.map((each) => ({ ...each })));
  }

  claimDue({ limit, leaseMs }: { limit: number; leaseMs: number }): Promise<AttemptRecord[]> {
    return this.transaction(() =>
      looksDue(this.attempts.all(), this.now())
        .slice(0, limit)
        .map((attempt) => this.write({ ...attempt, nextCheckAt: this.later(leaseMs) })),
    );
  }

  accountsToAsk(page: { after: string | null; limit: number }): Promise<string[]> {
    return Promise.resolve(accountsOf(queriesDue(this.attempts.all(), this.now()), page));
  }

  claimQuery(claim: { account: string; leaseMs: number }): Promise<AttemptRecord | null> {
    return this.transaction(() => {
      const due = queriesDue(this.attempts.all(), this.now());
      const first = firstToAsk(due, claim.account);
      return first && this.write({ ...first, askAt: this.later(claim.leaseMs) });
    });
  }

  subscribe(handlers: ReadonlyMap<string, readonly string[]>): Promise<void> {
    return this.transaction(() => {
      this.outbox.subscribe(handlers, this.clock.now());
    });
  }

  claimEvents(claim: EventClaim): Promise<EventDelivery[]> {
    return this.transaction(() => this.outbox.claim(claim, this.clock.now()));
  }

  acknowledge(delivery: EventDelivery, outcome: DeliveryOutcome): Promise<boolean> {
    return this.transaction(() => this.outbox.acknowledge(delivery, outcome, this.clock.now()));
  }

  renew(delivery: EventDelivery, leaseMs: number): Promise<boolean> {
    return this.transaction(() => this.outbox.renew(delivery, this.clock.now() + leaseMs));
  }

  deadEvents(limit: number): Promise<DeadDelivery[]> {
    return Promise.resolve(this.outbox.dead(limit));
  }

  countDeadEvents(): Promise<number> {
    return Promise.resolve(this.outbox.deadCount);
  }

  lag(): Promise<StoreLag> {
    return Promise.resolve(lagOf(this.attempts.all(), this.outbox, this.clock.now()));
  }

  forgetHandler(handler: string): Promise<number> {
    return this.transaction(() => this.outbox.forget(handler));
  }

  redrive({ eventId, handler }: { eventId: string; handler: string }): Promise<boolean> {
    return this.transaction(() => this.outbox.redrive(eventId, handler, this.clock.now()));
  }

  /** One at a time, and the news of it after it is done. */
  private transaction<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.lastTransaction.then(work);
    this.lastTransaction = result.catch(() => undefined);
    return result;
  }

  private write(attempt: AttemptRecord): AttemptRecord {
    return this.keep({ ...attempt, version: attempt.version + 1 });
  }

  private keep(attempt: AttemptRecord): AttemptRecord {
    this.attempts.set(attempt);
    queueMicrotask(() => {
      this.commits.next(attempt.id);
    });
    return attempt;
  }

  private facts(asking: AttemptRecord, needed: FactsNeeded): StoreFacts {
    const settledBy = this.settlements.get(asking.order) ?? null;
    return { now: this.now(), settledBy, ...ownersOf(this.attempts, asking, needed) };
  }

  private settlementOf(order: string): AttemptRecord | null {
    return this.attempts.get(this.settlements.get(order) ?? '');
  }

  private later(ms: number): Date {
    return new Date(this.clock.now() + ms);
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}
