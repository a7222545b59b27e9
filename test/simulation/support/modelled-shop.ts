import type { AttemptStore } from '../../../lib/attempts/attempt-store.js';
import type { Clock } from '../../../lib/attempts/clock.js';
import { EvidenceService } from '../../../lib/attempts/evidence.service.js';
import type { CallbackReceived, Evidence } from '../../../lib/attempts/evidence.js';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import { STK_EVENTS } from '../../../lib/attempts/events/stk-events.js';
import { aCallback, aNewAttempt, aPaidCallback, POLICY } from '../../support/attempts.js';
import { SEND_WITHIN_MS, type Answer, type Said } from './reference-model.js';
import { WorldClock } from './world-clock.js';

const LEASE_MS = 1_000;
const MAX_LOOKS = 100;

/** The library's own store and decisions, driven as the module drives them. */
export class ModelledShop {
  readonly clock = new WorldClock();
  readonly store: AttemptStore;
  readonly ids: string[][] = [[], []];
  readonly evidence: EvidenceService;
  private readonly seen = new Map<string, string>();
  private drawn = 0;

  constructor(
    storeOf: (clock: Clock) => AttemptStore = (clock) => new InMemoryAttemptStore(clock),
  ) {
    this.store = storeOf(this.clock);
    this.evidence = new EvidenceService(this.store, POLICY, { take: () => Promise.resolve(true) });
  }

  async start(): Promise<void> {
    await this.store.subscribe(new Map(STK_EVENTS.map(({ type }) => [type, ['ledger']])));
  }

  async open(order: number): Promise<string> {
    const id = `attempt-${order}-${(this.drawn += 1)}`;
    const orderId = `order-${order}`;
    const key = `order:${orderId}`;
    const slot = { id, orderId, order: key, orderSlot: key, checkAfterMs: SEND_WITHIN_MS };
    const { outcome } = await this.store.open(aNewAttempt(slot));
    if (outcome === 'opened') this.ids[order]!.push(id);
    return outcome;
  }

  async claim(order: number, i: number, sends: number): Promise<string> {
    const attemptId = this.idOf(order, i);
    const times = { sendWithinMs: SEND_WITHIN_MS, checkAfterMs: SEND_WITHIN_MS };
    const tokenHash = tokenOf(attemptId, sends + 1);
    return (await this.store.claimSend({ attemptId, sends, tokenHash, ...times })).outcome;
  }

  async answer(order: number, i: number, how: Answer, sends: number): Promise<void> {
    await this.apply(order, i, this.answerOf(order, i, how, sends));
  }

  async apply(order: number, i: number, evidence: Evidence): Promise<void> {
    await this.evidence.apply(this.idOf(order, i), evidence);
  }

  /** @returns whether anybody's token it was */
  async call(order: number, i: number, sends: number, callback: CallbackReceived) {
    const token = tokenOf(this.idOf(order, i), sends);
    return (await this.evidence.applyCallback(token, callback)) !== null;
  }

  said(order: number, i: number, { what, ids }: Said): CallbackReceived {
    const receipt = `R${(this.drawn += 1)}`;
    const callback = {
      paid: () => aPaidCallback(receipt),
      'paid without a receipt': () => aCallback('0', { amount: 100 }),
      'wrong amount': () => aPaidCallback(receipt, 99),
      cancelled: () => aCallback('1032'),
    }[what]();
    Object.assign(callback.callback, this.idsOf(order, i, ids));
    return callback;
  }

  /** A look at what the attempt was some versions ago. */
  async lookTooLate(order: number, i: number): Promise<void> {
    const attempt = await this.store.find(this.idOf(order, i));
    await this.apply(order, i, { kind: 'left-behind', version: attempt!.version - 1 });
  }

  async tick(ms: number): Promise<void> {
    await this.clock.runUntil(this.clock.monotonic() + ms, () => undefined);
    for (let looks = 0; (await this.lookOnce()) > 0; looks += 1) {
      if (looks > MAX_LOOKS) throw new Error('A look leaves due what it looked at.');
    }
  }

  private async lookOnce(): Promise<number> {
    const due = await this.store.claimDue({ limit: 2, leaseMs: LEASE_MS });
    for (const { id, status, version } of due) {
      const left = status === 'created' || status === 'sending';
      await this.evidence.apply(id, left ? { kind: 'left-behind', version } : { kind: 'deadline' });
    }
    return due.length;
  }

  /** What `ledger` is told next: done with it, to be tried again, or dead before it could say so. */
  async dispatch(how: 'done' | 'fails' | 'dies'): Promise<number> {
    const claim = { handlers: ['ledger'], limit: 3, leaseMs: LEASE_MS };
    const deliveries = await this.store.claimEvents(claim);
    for (const delivery of deliveries) {
      if (how === 'dies') continue;
      if (how === 'done') this.seen.set(delivery.event.id, delivery.event.attemptId);
      const outcome = how === 'done' ? ({ done: true } as const) : { retryAfterMs: 100 };
      await this.store.acknowledge(delivery, outcome);
    }
    return deliveries.length;
  }

  /** Everything that was told of each attempt of an order, reviews aside. */
  async told(order: number): Promise<string[][]> {
    await this.clock.runUntil(this.clock.monotonic() + 2 * LEASE_MS, () => undefined);
    while ((await this.dispatch('done')) > 0);
    return this.ids[order]!.map((id) =>
      [...this.seen]
        .filter(([, attemptId]) => attemptId === id)
        .map(([eventId]) => eventId.slice(`${id}:stk.`.length))
        .filter((type) => !type.startsWith('needs-review') && type !== 'receipt-received'),
    );
  }

  /** What was told, in the order in which it was. */
  toldInOrder(): string[] {
    return [...this.seen].map(([eventId, id]) => eventId.slice(`${id}:stk.`.length));
  }

  async attempts(order: number) {
    const attempts = await Promise.all(this.ids[order]!.map((id) => this.store.find(id)));
    return attempts.map((attempt) => ({
      status: attempt?.status,
      holdsSlot: Boolean(attempt?.orderSlot),
    }));
  }

  private answerOf(order: number, i: number, how: Answer, sends: number): Evidence {
    switch (how) {
      case 'accepted':
        return { kind: 'push-accepted', ...this.idsOf(order, i, 'own') };
      case 'refused':
        return { kind: 'push-refused', errorCode: '400.002.02', errorMessage: '', requestId: null };
      case 'not sent':
        return { kind: 'not-sent', cause: 'connection-refused', sends };
      case 'unknown':
        return { kind: 'push-unknown', cause: 'timeout' };
    }
  }

  private idOf(order: number, i: number): string {
    return this.ids[order]![i]!;
  }

  private idsOf(order: number, i: number, whose: 'own' | 'other') {
    const id = `${whose}-${this.idOf(order, i)}`;
    return { merchantRequestId: `m-${id}`, checkoutRequestId: `ws_CO_${id}` };
  }
}

const tokenOf = (attemptId: string, sends: number): string => `token of ${attemptId}, ${sends}`;
