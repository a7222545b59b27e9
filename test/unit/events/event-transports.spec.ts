import { Injectable } from '@nestjs/common';
import { StkCompleted } from '../../../lib/attempts/events/stk-completed.event.js';
import { STK_EVENTS } from '../../../lib/attempts/events/stk-events.js';
import type { StkEvent } from '../../../lib/attempts/events/stk-event.js';
import { StkPrompted } from '../../../lib/attempts/events/stk-prompted.event.js';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import { EventTransport } from '../../../lib/events/event-transport.js';
import { OnStkEvent } from '../../../lib/events/on-stk-event.decorator.js';
import { FakeClock, settled } from '../../support/fake-clock.js';
import {
  commitEvent,
  deferred,
  startEventsApp,
  type EventsApp,
  type EventsAppOptions,
} from './events-app.js';

const MINUTE = 60_000;
/** A day of minutes. */
const TRIES = 24 * 60;

/** Takes events, or not, as the test wants. */
class Broker extends EventTransport {
  readonly taken: string[] = [];
  asked = 0;
  answer: (event: StkEvent) => unknown = () => undefined;

  constructor(readonly id = 'broker') {
    super();
  }

  async publish(event: StkEvent): Promise<void> {
    this.asked += 1;
    await this.answer(event);
    this.taken.push(event.id);
  }
}

@Injectable()
class Checkout {
  readonly seen: string[] = [];

  @OnStkEvent(StkCompleted)
  paid(event: StkCompleted): void {
    this.seen.push(event.id);
  }
}

const apps: EventsApp[] = [];

async function start(transports: EventTransport[], options: EventsAppOptions = {}) {
  const settings = { transports, ...options.settings };
  const app = await startEventsApp({ ...options, settings });
  apps.push(app);
  return app;
}

/** Has the store count tries of an event for the transport, as if so many had failed. */
async function useTries(store: InMemoryAttemptStore, event: StkEvent, tries: number) {
  const handlers = ['transport:broker'];
  await store.subscribe(new Map([[event.type, handlers]]));
  for (let i = 0; i < tries; i += 1) {
    const [delivery] = await store.claimEvents({ handlers, limit: 1, leaseMs: MINUTE });
    await store.acknowledge(delivery!, { retryAfterMs: 0 });
  }
}

const isAway = () => Promise.reject(new Error('the broker is away'));

afterEach(async () => {
  for (const { module, clock } of apps.splice(0)) {
    const closed = module.close();
    await clock.advance(10_000);
    await closed;
  }
});

describe('an event transport', () => {
  it('is given each type of event, once', async () => {
    const broker = new Broker();
    const { store, dispatcher } = await start([broker]);
    const ids: string[] = [];
    for (const type of STK_EVENTS) ids.push((await commitEvent(store, type)).id);
    await dispatcher.drain();
    expect([...broker.taken].sort()).toEqual([...ids].sort());
  });

  it('has its own progress: it repeats nothing for a handler, nor for another transport', async () => {
    const [away, there] = [new Broker('away'), new Broker('there')];
    away.answer = isAway;
    const app = await start([away, there], { providers: [Checkout] });
    const event = await commitEvent(app.store);
    await app.clock.advance(10 * MINUTE);
    away.answer = () => undefined;
    await app.clock.advance(2 * MINUTE);
    expect(there.asked).toBe(1);
    expect(app.module.get(Checkout).seen).toEqual([event.id]);
    expect(away.taken).toEqual([event.id]);
  });

  it('waits for a broker that is away, asks every minute, and says so once', async () => {
    const broker = new Broker();
    broker.answer = isAway;
    const { store, clock, logs } = await start([broker]);
    const events = [await commitEvent(store), await commitEvent(store)];
    await clock.advance(10 * MINUTE);
    const asked = broker.asked;
    await clock.advance(20 * MINUTE);
    // Once a minute each, give or take the jitter.
    expect(broker.asked - asked).toBeGreaterThanOrEqual(30);
    expect(broker.asked - asked).toBeLessThanOrEqual(52);
    broker.answer = () => undefined;
    await clock.advance(2 * MINUTE);
    expect([...broker.taken].sort()).toEqual(events.map(({ id }) => id).sort());
    expect(logs.of('error', 'warn')).toEqual([
      'error: broker takes no events, they wait until it does: Error: the broker is away',
    ]);
    expect(logs.of('log')).toContain('log: broker takes events again.');
  });

  it('gives up on an event that is never taken, and goes on with the next', async () => {
    const clock = new FakeClock();
    const store = new InMemoryAttemptStore(clock);
    const broker = new Broker();
    broker.answer = (event) => (event.orderId === 'poison' ? isAway() : undefined);
    const poison = await commitEvent(store, StkCompleted, 'poison');
    await useTries(store, poison, TRIES - 2);
    const { logs } = await start([broker], { clock, store });
    await settled();
    expect([broker.asked, await store.countDeadEvents()]).toEqual([1, 0]);
    await clock.advance(2 * MINUTE);
    const parked = `error: transport:broker for ${poison.id} failed, try 1440 of 1440; it is parked`;
    expect(logs.of('error').filter((line) => line.startsWith(parked))).toHaveLength(1);
    expect(await store.deadEvents(10)).toMatchObject([
      { handler: 'transport:broker', event: { id: poison.id } },
    ]);
    const next = await commitEvent(store, StkPrompted);
    await settled();
    expect(broker.taken).toEqual([next.id]);
  });

  it('is given the events of one order one after the other, and those of others meanwhile', async () => {
    const broker = new Broker();
    const first = deferred();
    broker.answer = (event) => (event.id === slow.id ? first.promise : undefined);
    const { store, dispatcher } = await start([broker]);
    const slow = await commitEvent(store, StkPrompted, 'one order');
    const after = await commitEvent(store, StkCompleted, 'one order');
    const other = await commitEvent(store, StkCompleted, 'another');
    await settled();
    expect(broker.taken).toEqual([other.id]);
    first.resolve();
    await dispatcher.drain();
    expect(broker.taken).toEqual([other.id, slow.id, after.id]);
  });

  it('is waited for at a shutdown', async () => {
    const broker = new Broker();
    const confirmed = deferred();
    broker.answer = () => confirmed.promise;
    const app = await start([broker]);
    const event = await commitEvent(app.store);
    await settled();
    const closed = app.module.close();
    await settled();
    confirmed.resolve();
    await closed;
    expect(broker.taken).toEqual([event.id]);
    apps.splice(0);
  });

  it('is not spoken for by a process that has none', async () => {
    const clock = new FakeClock();
    const store = new InMemoryAttemptStore(clock);
    const broker = new Broker();
    broker.answer = isAway;
    const sending = await start([broker], { clock, store });
    const event = await commitEvent(store);
    await settled();
    const closed = sending.module.close();
    await clock.advance(10_000);
    await closed;
    apps.splice(0);

    const { module } = await start([], { clock, store, providers: [Checkout] });
    const later = await commitEvent(store);
    await clock.advance(MINUTE);
    expect(module.get(Checkout).seen).toContain(later.id);

    const heir = new Broker();
    await start([heir], { clock, store });
    await settled();
    expect([...heir.taken].sort()).toEqual([event.id, later.id].sort());
  });

  it('is left alone by a process without background work', async () => {
    const broker = new Broker();
    const { store, clock } = await start([broker], { settings: { background: false } });
    await commitEvent(store);
    await clock.advance(MINUTE);
    expect(broker.asked).toBe(0);
  });

  it('makes a handler of StkCompleted optional', async () => {
    const { logs } = await start([new Broker()]);
    expect(logs.of('warn')).toEqual([]);
  });
});
