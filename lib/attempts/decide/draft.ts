import type { AttemptRecord, HeardAnswer, StkConfirmedBy } from '../attempt-record.js';
import { rises } from '../attempt-status.js';
import type { Decision, StoreFacts } from '../decision.js';
import { StkCompletedLate } from '../events/stk-completed-late.event.js';
import { StkCompleted } from '../events/stk-completed.event.js';
import { StkDuplicatePayment } from '../events/stk-duplicate-payment.event.js';
import type { StkEvent, StkEventClass, StkEventData } from '../events/stk-event.js';
import { StkNeedsReview } from '../events/stk-needs-review.event.js';
import type { EvidencePolicy } from '../evidence-policy.js';
import type { JsonObject } from '../json.js';
import { needsPerson, type StkReviewFlag } from '../review-flag.js';

export type DecideContext = StoreFacts & EvidencePolicy;

type Own<D extends StkEventData> = Omit<D, keyof StkEventData>;

/** A decision in the making: the rules call it, and it keeps what all of them have in common. */
export class Draft {
  callback: Decision['callback'] = null;
  private next: AttemptRecord;
  private readonly events: StkEvent[] = [];
  private readonly reviews: { flag: StkReviewFlag; evidence: JsonObject }[] = [];
  private settlesOrder = false;

  constructor(
    attempt: AttemptRecord,
    readonly context: DecideContext,
  ) {
    this.next = attempt;
  }

  get attempt(): AttemptRecord {
    return this.next;
  }

  get now(): Date {
    return this.context.now;
  }

  /** A callback has said that it was paid, and that has not completed the attempt. */
  get hasNotedSuccess(): boolean {
    return this.attempt.status !== 'completed' && this.attempt.heard.includes('callback:0');
  }

  get isSettledByAnother(): boolean {
    return this.context.settledBy !== null && this.context.settledBy !== this.attempt.id;
  }

  /** What is so already changes nothing, not even the object. */
  set(change: Partial<AttemptRecord>): void {
    const names = Object.keys(change) as (keyof AttemptRecord)[];
    const changed = names.filter((name) => !isSame(this.next[name], change[name]));
    if (changed.length === 0) return;
    const next: Record<string, unknown> = { ...this.next };
    for (const name of changed) next[name] = change[name];
    this.next = next as unknown as AttemptRecord;
  }

  /** Takes a status that is higher. Everything that a status brings with it comes with the call. */
  raise(change: Partial<AttemptRecord> & Pick<AttemptRecord, 'status'>): boolean {
    if (!rises(this.attempt.status, change.status)) return false;
    this.set(change);
    return true;
  }

  emit<D extends StkEventData, E extends StkEvent<D>>(
    eventClass: StkEventClass<E> & (new (data: D) => E),
    own: Own<D>,
    idSuffix = '',
  ): void {
    const { id, account, orderId, metadata } = this.attempt;
    const common: StkEventData = {
      id: `${id}:${eventClass.type}${idSuffix}`,
      attemptId: id,
      account,
      orderId,
      occurredAt: this.now,
      metadata,
    };
    this.events.push(new eventClass({ ...common, ...own } as D));
  }

  flag(flag: StkReviewFlag, evidence: JsonObject): void {
    if (this.attempt.review.includes(flag)) return;
    this.set({ review: [...this.attempt.review, flag] });
    if (needsPerson(flag)) this.reviews.push({ flag, evidence });
  }

  /** Remembers a final answer, and flags what it contradicts. */
  hear(source: 'callback' | 'query', resultCode: string): void {
    const answer: HeardAnswer = `${source}:${resultCode}`;
    if (this.attempt.heard.includes(answer)) return;
    const before = this.attempt.heard;
    this.set({ heard: [...before, answer] });
    const paid = resultCode === '0';
    for (const other of before) {
      const otherPaid = other.endsWith(':0');
      if (paid !== otherPaid) {
        const bothCallbacks = source === 'callback' && other.startsWith('callback:');
        this.flag(bothCallbacks ? 'callback-conflict' : 'query-conflict', {
          heard: [other, answer],
        });
      } else if (!paid && !other.endsWith(`:${resultCode}`)) {
        this.flag('result-code-differs', { heard: [other, answer] });
      }
    }
    if (!paid && this.attempt.confirmedBy === 'operator') {
      this.flag(`${source}-conflict`, { heard: ['operator:0', answer] });
    }
  }

  /** Money is there: the one place at which an attempt becomes completed. */
  complete(confirmedBy: StkConfirmedBy, receipt: string | null, paidAt: Date): void {
    const { told, amount } = this.attempt;
    const completed = this.raise({
      status: 'completed',
      confirmedBy,
      receipt,
      paidAt,
      resultCode: confirmedBy === 'operator' ? null : '0',
      reason: null,
      late: told !== null,
      orderSlot: null,
      settledAt: this.now,
    });
    if (!completed) return;
    const { settledBy } = this.context;
    if (settledBy !== null && settledBy !== this.attempt.id) {
      this.emit(StkDuplicatePayment, { amount, receipt, paidAttemptId: settledBy });
      return;
    }
    this.settlesOrder = true;
    if (told) {
      const own = { amount, receipt, paidAt, confirmedBy, previousStatus: told };
      this.emit(StkCompletedLate, own);
    } else {
      this.emit(StkCompleted, { amount, receipt, paidAt, confirmedBy });
    }
  }

  decision(): Decision {
    for (const { flag, evidence } of this.reviews) {
      this.emit(StkNeedsReview, { flag, status: this.attempt.status, evidence }, `:${flag}`);
    }
    return {
      attempt: this.attempt,
      events: this.events,
      settlesOrder: this.settlesOrder,
      callback: this.callback,
    };
  }
}

const isSame = (a: unknown, b: unknown): boolean =>
  a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
