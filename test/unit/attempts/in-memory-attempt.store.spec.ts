import type { AttemptStore } from '../../../lib/attempts/attempt-store.js';
import type { AttemptRecord } from '../../../lib/attempts/attempt-record.js';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import type { EventClaim } from '../../../lib/attempts/event-delivery.js';
import { FakeClock } from '../../../lib/testing/fake-clock.js';
import {
  aCallback,
  aNewAttempt,
  aPaidCallback,
  aQuery,
  decideWith,
  IDS,
} from '../../support/attempts.js';

const decide = decideWith();

let clock: FakeClock;
let store: AttemptStore;

beforeEach(() => {
  clock = new FakeClock();
  store = new InMemoryAttemptStore(clock);
});

const claimOf = (attempt: AttemptRecord, tokenHash = `hash-of-${attempt.id}`) => ({
  attemptId: attempt.id,
  sends: attempt.sends,
  tokenHash,
  checkAfterMs: 60_000,
});

async function sending(change: Partial<AttemptRecord> = {}): Promise<AttemptRecord> {
  const { attempt } = await store.open(aNewAttempt(change));
  return (await store.claimSend(claimOf(attempt))).attempt;
}

async function pending(change: Partial<AttemptRecord> = {}): Promise<AttemptRecord> {
  const attempt = await sending(change);
  const ids = { merchantRequestId: `m-${attempt.id}`, checkoutRequestId: `ws-${attempt.id}` };
  const settled = await store.settle(
    { attemptId: attempt.id },
    { kind: 'push-accepted', ...ids },
    decide,
  );
  return settled?.attempt as AttemptRecord;
}

const paidCallback = (attempt: AttemptRecord, receipt: string) =>
  aCallback(
    '0',
    { amount: attempt.amount, receipt },
    {
      merchantRequestId: attempt.merchantRequestId as string,
      checkoutRequestId: attempt.checkoutRequestId as string,
    },
  );

describe('open', () => {
  it('keeps an order to one live attempt until its slot is free', async () => {
    const first = await sending();
    const second = await store.open(aNewAttempt({ id: 'attempt-2' }));
    expect(second).toMatchObject({ outcome: 'order-busy', attempt: { id: first.id } });
    await store.settle({ attemptId: first.id }, { kind: 'not-sent', cause: 'refused' }, decide);
    expect((await store.open(aNewAttempt({ id: 'attempt-3' }))).outcome).toBe('opened');
  });

  it('knows a key again, and whether it brings the same', async () => {
    const keyed = { idempotencyKey: 'k', orderId: null, order: 'key:k', orderSlot: 'key:k' };
    await store.open(aNewAttempt(keyed));
    const again = { ...keyed, id: 'attempt-2' };
    expect((await store.open(aNewAttempt(again))).outcome).toBe('replayed');
    const other = await store.open(aNewAttempt({ ...again, fingerprint: 'g' }));
    expect(other).toMatchObject({ outcome: 'key-reused', attempt: { id: 'attempt-1' } });
  });

  it('refuses an order that was paid', async () => {
    const paid = await pending();
    await store.settle({ attemptId: paid.id }, paidCallback(paid, 'R1'), decide);
    const second = await store.open(aNewAttempt({ id: 'attempt-2' }));
    expect(second).toMatchObject({ outcome: 'order-paid', attempt: { id: paid.id } });
  });
});

describe('claimSend', () => {
  it('lets one claimant win', async () => {
    const { attempt } = await store.open(aNewAttempt());
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.claimSend(claimOf(attempt, `hash-${i}`))),
    );
    const outcomes = claims.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'claimed')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'lost')).toHaveLength(19);
  });

  it('is refused where another attempt has paid the order meanwhile', async () => {
    const first = await pending();
    await store.settle(
      { attemptId: first.id },
      aCallback(
        '1032',
        {},
        { merchantRequestId: 'm-attempt-1', checkoutRequestId: 'ws-attempt-1' },
      ),
      decide,
    );
    const second = (await store.open(aNewAttempt({ id: 'attempt-2' }))).attempt;
    await store.settle({ attemptId: first.id }, paidCallback(first, 'R1'), decide);
    const claim = await store.claimSend(claimOf(second));
    expect(claim).toMatchObject({ outcome: 'order-paid', attempt: { id: first.id } });
  });
});

describe('settle', () => {
  it('finds by the latest token alone', async () => {
    const first = await sending();
    const second = (await store.claimSend(claimOf(first, 'newer'))).attempt;
    expect(second.sends).toBe(2);
    const old = { tokenHash: first.tokenHash as string };
    expect(await store.settle(old, aPaidCallback(), decide)).toBeNull();
    expect(await store.settle({ tokenHash: 'newer' }, aPaidCallback(), decide)).toMatchObject({
      callback: 'deferred',
    });
  });

  it('applies what had to wait together with our own response', async () => {
    const attempt = await sending();
    const target = { attemptId: attempt.id };
    const early = aPaidCallback('R1');
    expect(await store.settle(target, early, decide)).toMatchObject({ callback: 'deferred' });
    expect(await store.settle(target, early, decide)).toMatchObject({ callback: 'duplicate' });
    const settled = await store.settle(target, { kind: 'push-accepted', ...IDS }, decide);
    expect(settled?.attempt).toMatchObject({ status: 'completed', idsFrom: 'response' });
  });

  it('keeps what had to wait where the settlement fails', async () => {
    const attempt = await sending();
    const target = { attemptId: attempt.id };
    await store.settle(target, aPaidCallback('R1'), decide);
    const failing = store.settle(
      target,
      { kind: 'push-accepted', ...IDS },
      (a, evidence, facts) => {
        if (evidence.kind === 'callback') throw new Error('out of memory');
        return decide(a, evidence, facts);
      },
    );
    await expect(failing).rejects.toThrow('out of memory');
    expect(await store.find(attempt.id)).toMatchObject({ status: 'sending' });
    const settled = await store.settle(target, { kind: 'push-accepted', ...IDS }, decide);
    expect(settled?.attempt.status).toBe('completed');
  });

  it('gives a receipt to one attempt', async () => {
    const first = await pending();
    const second = await pending({ id: 'attempt-2', order: 'order:2', orderSlot: 'order:2' });
    await store.settle({ attemptId: first.id }, paidCallback(first, 'R1'), decide);
    const taken = await store.settle({ attemptId: second.id }, paidCallback(second, 'R1'), decide);
    expect(taken).toMatchObject({ callback: 'quarantined', attempt: { status: 'pending' } });
  });

  it('counts the money of two attempts of one order once as paid, once as duplicate', async () => {
    const first = await pending();
    const ids = { merchantRequestId: 'm-attempt-1', checkoutRequestId: 'ws-attempt-1' };
    await store.settle({ attemptId: first.id }, aCallback('1037', {}, ids), decide);
    const second = await pending({ id: 'attempt-2' });
    await Promise.all([
      store.settle({ attemptId: second.id }, paidCallback(second, 'R2'), decide),
      store.settle({ attemptId: first.id }, paidCallback(first, 'R1'), decide),
    ]);
    await store.subscribe(
      new Map(
        ['stk.completed', 'stk.completed-late', 'stk.duplicate-payment'].map((t) => [t, ['h']]),
      ),
    );
    const handlers = ['h'];
    const types: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      for (const delivery of await store.claimEvents({ handlers, limit: 10, leaseMs: 1_000 })) {
        types.push(delivery.event.type);
        await store.acknowledge(delivery, { done: true });
      }
    }
    expect(types).toEqual(['stk.completed', 'stk.duplicate-payment']);
  });

  it('resolves with null for nobody', async () => {
    expect(await store.settle({ attemptId: 'nobody' }, aQuery('0'), decide)).toBeNull();
  });
});

describe('events', () => {
  const claim = (limit = 10): EventClaim => ({ handlers: ['a', 'b'], limit, leaseMs: 1_000 });
  const names = async (limit?: number) =>
    (await store.claimEvents(claim(limit))).map(({ event, handler }) => `${event.type} ${handler}`);

  async function failedAttempt() {
    await store.subscribe(
      new Map([
        ['stk.prompted', ['a', 'b']],
        ['stk.failed', ['a']],
      ]),
    );
    const attempt = await pending();
    const ids = { merchantRequestId: 'm-attempt-1', checkoutRequestId: 'ws-attempt-1' };
    await store.settle({ attemptId: attempt.id }, aCallback('1032', {}, ids), decide);
  }

  it('go to each handler, one after the other for one order', async () => {
    await failedAttempt();
    const deliveries = await store.claimEvents(claim());
    expect(deliveries.map(({ handler, tries }) => [handler, tries])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    expect(await names()).toEqual([]);
    for (const delivery of deliveries) await store.acknowledge(delivery, { done: true });
    expect(await names()).toEqual(['stk.failed a']);
  });

  it('are leased again once a lease has run out, and the old one is worth nothing', async () => {
    await failedAttempt();
    const [stale] = await store.claimEvents(claim(1));
    if (!stale) throw new Error('nothing was claimed');
    await clock.advance(999);
    expect(await store.renew(stale, 1_000)).toBe(true);
    await clock.advance(999);
    expect(await names(1)).toEqual(['stk.prompted b']);
    await clock.advance(1_000);
    const [fresh] = await store.claimEvents(claim(1));
    expect(fresh).toMatchObject({ handler: 'a', tries: 2 });
    expect(await store.acknowledge(stale, { done: true })).toBe(false);
    expect(await store.renew(stale, 1_000)).toBe(false);
  });

  it('wait for their next try, and let later ones pass once they are dead', async () => {
    await failedAttempt();
    const [first] = await store.claimEvents(claim(1));
    if (!first) throw new Error('nothing was claimed');
    await store.acknowledge(first, { retryAfterMs: 500 });
    expect(await names()).toEqual(['stk.prompted b']);
    await clock.advance(500);
    const [again] = await store.claimEvents(claim(1));
    if (!again) throw new Error('nothing was claimed');
    expect(again).toMatchObject({ handler: 'a', tries: 2 });
    await store.acknowledge(again, { dead: 'gave up' });
    expect(await names()).toEqual(['stk.failed a']);
  });
});

it('tells of what it committed', async () => {
  const told: string[] = [];
  store.commits.subscribe((id) => told.push(id));
  await store.open(aNewAttempt());
  await store.open(aNewAttempt({ id: 'attempt-2' }));
  expect(told).toEqual(['attempt-1']);
});

it('forgets the oldest of too many forgeries', async () => {
  const memory = new InMemoryAttemptStore(clock);
  for (let i = 0; i < 1_100; i += 1) {
    const receivedAt = new Date(clock.now());
    await memory.quarantine({ problem: 'malformed', detail: `${i}`, sourceIp: null, receivedAt });
  }
  expect(memory.quarantined).toHaveLength(1_000);
  expect(memory.quarantined[0]?.detail).toBe('100');
});
