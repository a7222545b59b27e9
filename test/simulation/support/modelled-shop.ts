import { EvidenceService } from '../../../lib/attempts/evidence.service.js';
import type { Evidence } from '../../../lib/attempts/evidence.js';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import { STK_EVENTS } from '../../../lib/attempts/events/stk-events.js';
import { aCallback, aNewAttempt, aPaidCallback, POLICY } from '../../support/attempts.js';
import type { Said } from './reference-model.js';
import { WorldClock } from './world-clock.js';

const LEASE_MS = 1_000;

/** The library's own store and decisions, driven as the module drives them. */
export class ModelledShop {
  readonly clock = new WorldClock();
  readonly store = new InMemoryAttemptStore(this.clock);
  readonly ids: string[][] = [[], []];
  private readonly evidence = new EvidenceService(this.store, POLICY, {
    take: () => Promise.resolve(true),
  });
  private readonly seen = new Map<string, string>();
  private drawn = 0;

  async open(): Promise<void> {
    await this.store.subscribe(new Map(STK_EVENTS.map(({ type }) => [type, ['ledger']])));
  }

  async push(order: number): Promise<string> {
    const id = `attempt-${order}-${(this.drawn += 1)}`;
    const orderId = `order-${order}`;
    const key = `order:${orderId}`;
    const { outcome } = await this.store.open(
      aNewAttempt({ id, orderId, order: key, orderSlot: key }),
    );
    if (outcome !== 'opened') return outcome;
    this.ids[order]!.push(id);
    const claim = { attemptId: id, sends: 0, tokenHash: id, sendWithinMs: 30_000 };
    await this.store.claimSend({ ...claim, checkAfterMs: 30_000 });
    return outcome;
  }

  async apply(order: number, i: number, evidence: Evidence): Promise<void> {
    await this.evidence.apply(this.idOf(order, i), evidence);
  }

  accepted(order: number, i: number): Evidence {
    return { kind: 'push-accepted', ...this.idsOf(order, i, 'own') };
  }

  said(order: number, i: number, { what, ids }: Said): Evidence {
    const receipt = `R${(this.drawn += 1)}`;
    const callback =
      what === 'cancelled' ? aCallback('1032') : aPaidCallback(receipt, what === 'paid' ? 100 : 99);
    Object.assign(callback.callback, this.idsOf(order, i, ids));
    return callback;
  }

  async leaveBehind(order: number, i: number): Promise<void> {
    const attempt = await this.store.find(this.idOf(order, i));
    await this.apply(order, i, { kind: 'left-behind', version: attempt?.version ?? 0 });
  }

  async tick(ms: number): Promise<void> {
    await this.clock.runUntil(this.clock.monotonic() + ms, () => undefined);
    for (const id of this.ids.flat()) await this.evidence.apply(id, { kind: 'deadline' });
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

  async statuses(order: number): Promise<string[]> {
    const attempts = await Promise.all(this.ids[order]!.map((id) => this.store.find(id)));
    return attempts.map((attempt) => attempt?.status ?? 'gone');
  }

  /** How many attempts of an order bar another one. */
  async slots(order: number): Promise<number> {
    const attempts = await Promise.all(this.ids[order]!.map((id) => this.store.find(id)));
    return attempts.filter((attempt) => attempt?.orderSlot).length;
  }

  private idOf(order: number, i: number): string {
    return this.ids[order]![i]!;
  }

  private idsOf(order: number, i: number, whose: 'own' | 'other') {
    const id = `${whose}-${this.idOf(order, i)}`;
    return { merchantRequestId: `m-${id}`, checkoutRequestId: `ws_CO_${id}` };
  }
}
