import { AsyncLocalStorage } from 'node:async_hooks';
import { jest } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { NEVER } from 'rxjs';
import { StkCompleted } from '../../../lib/attempts/events/stk-completed.event.js';
import type { StkEvent } from '../../../lib/attempts/events/stk-event.js';
import { StkFailed } from '../../../lib/attempts/events/stk-failed.event.js';
import { StkPrompted } from '../../../lib/attempts/events/stk-prompted.event.js';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import { OnStkEvent } from '../../../lib/events/on-stk-event.decorator.js';
import { FakeClock, settled } from '../../support/fake-clock.js';
import {
  asSeenElsewhere,
  commitEvent,
  compileEventsApp,
  deferred,
  startEventsApp,
  until,
  type EventsApp,
  type EventsAppOptions,
} from './events-app.js';

/** Handles StkCompleted with whatever the test wants to happen, and remembers the calls. */
@Injectable()
class Checkout {
  readonly seen: string[] = [];
  work: (event: StkEvent) => unknown = () => undefined;

  @OnStkEvent(StkCompleted)
  async paid(event: StkCompleted): Promise<void> {
    this.seen.push(event.id);
    await this.work(event);
  }
}

@Injectable()
class Mailer {
  readonly seen: string[] = [];

  @OnStkEvent(StkCompleted, StkFailed)
  tell(event: StkCompleted | StkFailed): void {
    this.seen.push(event.id);
  }
}

const noMailer = { provide: Mailer, useValue: {} };

const apps: EventsApp[] = [];

async function start(options: EventsAppOptions = {}) {
  const app = await startEventsApp({ providers: [Checkout, Mailer], ...options });
  apps.push(app);
  return { ...app, checkout: app.module.get(Checkout), mailer: app.module.get(Mailer) };
}

const fail = () => Promise.reject(new Error('no answer from the shop'));

afterEach(async () => {
  for (const { module, clock } of apps.splice(0)) {
    const closed = module.close();
    await clock.advance(10_000);
    await closed;
  }
});

describe('delivery', () => {
  it('brings a committed event to its handlers at once, without the clock moving', async () => {
    const { store, checkout, mailer } = await start();
    const event = await commitEvent(store);
    await settled();
    expect(checkout.seen).toEqual([event.id]);
    expect(mailer.seen).toEqual([event.id]);
  });

  it('runs no handler before whoever committed could go on', async () => {
    const { store, checkout } = await start();
    await commitEvent(store);
    const seenByTheCommitter = [...checkout.seen];
    await settled();
    expect(seenByTheCommitter).toEqual([]);
    expect(checkout.seen).toHaveLength(1);
  });

  it('finds by polling what another process committed, within 1.2 s', async () => {
    const clock = new FakeClock();
    const shared = new InMemoryAttemptStore(clock);
    const { checkout } = await start({ clock, store: asSeenElsewhere(shared, { commits: NEVER }) });
    await clock.advance(1);
    await commitEvent(shared);
    await settled();
    expect(checkout.seen).toEqual([]);
    await clock.advance(1_200);
    expect(checkout.seen).toHaveLength(1);
  });

  it('delivers what was left over by an earlier process', async () => {
    const clock = new FakeClock();
    const store = new InMemoryAttemptStore(clock);
    const event = await commitEvent(store);
    const { checkout } = await start({ clock, store });
    await settled();
    expect(checkout.seen).toEqual([event.id]);
  });

  it('claims nothing before the application is bootstrapped', async () => {
    const store = new InMemoryAttemptStore(new FakeClock());
    const claims = jest.spyOn(store, 'claimEvents');
    let claimsBefore: number | undefined;
    const slow = {
      provide: 'SLOW',
      useValue: {
        onModuleInit: async () => {
          await commitEvent(store);
          await settled();
          claimsBefore = claims.mock.calls.length;
        },
      },
    };
    const { checkout } = await start({ store, providers: [Checkout, Mailer, slow] });
    await settled();
    expect(claimsBefore).toBe(0);
    expect(checkout.seen).toHaveLength(1);
  });

  it('never claims an event that this process does not handle', async () => {
    const { store, dispatcher } = await start();
    const event = await commitEvent(store, StkPrompted);
    await dispatcher.drain();
    await store.subscribe(new Map([[StkPrompted.type, ['Another.process']]]));
    const [delivery] = await store.claimEvents({
      handlers: ['Another.process'],
      limit: 10,
      leaseMs: 1_000,
    });
    expect(delivery).toMatchObject({ event: { id: event.id }, tries: 1 });
  });

  it('asks the store for nothing where there are no handlers', async () => {
    const store = new InMemoryAttemptStore(new FakeClock());
    const claims = jest.spyOn(store, 'claimEvents');
    const app = await startEventsApp({ store });
    apps.push(app);
    await commitEvent(store);
    await app.clock.advance(60_000);
    expect(claims).not.toHaveBeenCalled();
    expect(store.commits.observed).toBe(false);
  });

  it('says which handlers it has, soon again, and every minute from then on', async () => {
    const store = new InMemoryAttemptStore(new FakeClock());
    const subscribe = jest.spyOn(store, 'subscribe');
    const { clock } = await start({ store });
    await clock.advance(0);
    expect(subscribe.mock.calls).toEqual([
      [
        new Map([
          ['stk.completed', ['Checkout.paid', 'Mailer.tell']],
          ['stk.failed', ['Mailer.tell']],
        ]),
      ],
    ]);
    const times: number[] = [];
    for (let second = 1; second <= 200; second += 1) {
      const before = subscribe.mock.calls.length;
      await clock.advance(1_000);
      if (subscribe.mock.calls.length > before) times.push(second);
    }
    // At the first look after 3 s, and then after a minute: it looks about every second.
    const distances = times.map((time, n) => time - (times[n - 1] ?? 0));
    expect(distances).toHaveLength(4);
    for (const [n, expected] of [3, 60, 60, 60].entries()) {
      expect(distances[n]).toBeGreaterThanOrEqual(expected);
      expect(distances[n]).toBeLessThanOrEqual(expected + 2);
    }
  });

  it('warns of events that nobody handles', async () => {
    const app = await startEventsApp({ providers: [Mailer] });
    apps.push(app);
    expect(app.logs.of('warn')).toHaveLength(1);
  });

  it('delivers nothing, and warns of nothing, with background: false', async () => {
    const { store, checkout, clock, logs } = await start({ settings: { background: false } });
    await commitEvent(store);
    await clock.advance(60_000);
    expect(checkout.seen).toEqual([]);
    expect(logs.of('warn')).toEqual([]);
  });

  it('runs handlers outside the async context of whoever committed', async () => {
    const transaction = new AsyncLocalStorage<string>();
    const { store, checkout, clock } = await start();
    await settled();
    const contexts: (string | undefined)[] = [];
    checkout.work = () => {
      contexts.push(transaction.getStore());
      return contexts.length === 1 ? fail() : undefined;
    };
    await transaction.run('a transaction that is over by then', async () => {
      await commitEvent(store);
      await settled();
    });
    await clock.advance(5_000);
    expect(contexts).toEqual([undefined, undefined]);
  });
});

describe('failing handlers', () => {
  it('tries again after 0.5 s give or take 20 %, with the same event', async () => {
    const { store, checkout, clock, logs } = await start();
    checkout.work = () => (checkout.seen.length === 1 ? fail() : undefined);
    const event = await commitEvent(store);
    await clock.advance(399);
    expect(checkout.seen).toEqual([event.id]);
    await clock.advance(201 + 1_200);
    expect(checkout.seen).toEqual([event.id, event.id]);
    await clock.advance(600_000);
    expect(checkout.seen).toHaveLength(2);
    expect(logs.of('error')).toEqual([
      expect.stringMatching(
        /^error: Checkout\.paid for \S+ failed, try 1 of 8; again in \d{3} ms: Error: no answer/,
      ),
    ]);
  });

  it('treats a throw like a rejection', async () => {
    const { store, checkout, clock } = await start();
    checkout.work = () => {
      if (checkout.seen.length === 1) throw new TypeError('thrown');
    };
    await commitEvent(store);
    await clock.advance(2_000);
    expect(checkout.seen).toHaveLength(2);
  });

  it('parks the event after 8 tries in about a minute, and goes on with later ones', async () => {
    const { store, checkout, clock, logs } = await start();
    const times: number[] = [];
    checkout.work = (event) => {
      if (event.id !== first.id) return;
      times.push(clock.monotonic());
      return fail();
    };
    const first = await commitEvent(store, StkCompleted, 'one order');
    const second = await commitEvent(store, StkCompleted, 'one order');
    await clock.advance(45_000);
    expect(checkout.seen).not.toContain(second.id);
    await clock.advance(120_000);
    expect(times).toHaveLength(8);
    times.slice(1).forEach((time, i) => {
      const nominal = 500 * 2 ** i;
      expect(time - times[i]!).toBeGreaterThanOrEqual(nominal * 0.8);
      expect(time - times[i]!).toBeLessThanOrEqual(nominal * 1.2 + 1_200);
    });
    expect(checkout.seen.at(-1)).toBe(second.id);
    expect(logs.of('error').at(-1)).toMatch(
      /try 8 of 8; it is parked, until StkAdminService.redrive\(\): Error: no answer/,
    );
  });

  it('does not hold back another handler of the same event', async () => {
    const { store, checkout, mailer, dispatcher } = await start();
    checkout.work = fail;
    const events = [await commitEvent(store), await commitEvent(store)];
    await dispatcher.drain();
    expect(mailer.seen).toEqual(events.map(({ id }) => id));
  });

  it('does not repeat a handler that was done', async () => {
    const { store, checkout, mailer, clock } = await start();
    checkout.work = () => (checkout.seen.length < 4 ? fail() : undefined);
    await commitEvent(store);
    await clock.advance(60_000);
    expect(checkout.seen).toHaveLength(4);
    expect(mailer.seen).toHaveLength(1);
  });

  it('parks, without running it, an event that ended the process at each try', async () => {
    const clock = new FakeClock();
    const store = new InMemoryAttemptStore(clock);
    const event = await commitEvent(store);
    const handlers = ['Checkout.paid'];
    await store.subscribe(new Map([[StkCompleted.type, handlers]]));
    for (let tries = 0; tries < 8; tries += 1) {
      await store.claimEvents({ handlers, limit: 1, leaseMs: 1_000 });
      await clock.advance(1_001);
    }
    const { checkout, mailer, dispatcher, logs } = await start({ clock, store });
    await dispatcher.drain();
    expect(checkout.seen).toEqual([]);
    expect(mailer.seen).toEqual([event.id]);
    expect(logs.of('error')).toEqual([
      `error: Checkout.paid for ${event.id} is parked, until StkAdminService.redrive(): The last try never ended`,
    ]);
    await clock.advance(60_000);
    expect(logs.of('error')).toHaveLength(1);
  });

  it('logs neither the event nor anything but name and message of the error', async () => {
    const { store, checkout, dispatcher, logs } = await start();
    checkout.work = (event) => {
      throw Object.assign(new Error('sending failed'), { config: { auth: 'hunter2' }, event });
    };
    await commitEvent(store);
    await dispatcher.drain();
    checkout.work = () => {
      // What some code throws.
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw { token: 'hunter2' };
    };
    await commitEvent(store);
    await dispatcher.drain();
    expect(logs.of('error')).toHaveLength(2);
    expect(logs.details.join('\n')).not.toMatch(/TAK5SECRET|254712345678|hunter2/);
  });
});

describe('order', () => {
  it('gives a handler the events of one order one after the other', async () => {
    const { store, checkout } = await start();
    const gate = deferred();
    checkout.work = () => gate.promise;
    const first = await commitEvent(store, StkCompleted, 'one order');
    const second = await commitEvent(store, StkCompleted, 'one order');
    await settled();
    expect(checkout.seen).toEqual([first.id]);
    gate.resolve();
    await settled();
    expect(checkout.seen).toEqual([first.id, second.id]);
  });

  it('keeps that order while the first one is tried again', async () => {
    const { store, checkout, clock } = await start();
    checkout.work = () => (checkout.seen.length === 1 ? fail() : undefined);
    const first = await commitEvent(store, StkCompleted, 'one order');
    const second = await commitEvent(store, StkCompleted, 'one order');
    await clock.advance(10_000);
    expect(checkout.seen).toEqual([first.id, first.id, second.id]);
  });

  it('runs the events of different orders side by side', async () => {
    const { store, checkout } = await start();
    const gate = deferred();
    let together = 0;
    checkout.work = () => {
      together += 1;
      return gate.promise;
    };
    for (let order = 0; order < 10; order += 1) await commitEvent(store);
    await settled();
    expect(together).toBe(10);
    gate.resolve();
  });

  it('lets a handler that hangs for every order hold back nobody but itself', async () => {
    const { store, checkout, mailer, dispatcher } = await start();
    const gate = deferred();
    checkout.work = () => gate.promise;
    for (let order = 0; order < 100; order += 1) await commitEvent(store);
    await until(() => mailer.seen.length === 100);
    expect(checkout.seen.length).toBeLessThan(32);
    gate.resolve();
    await dispatcher.drain();
    expect(new Set(checkout.seen).size).toBe(100);
    expect(checkout.seen).toHaveLength(100);
  });

  it('goes on where all that was claimed at once hangs', async () => {
    const gate = deferred();
    class Hanging {
      @OnStkEvent(StkFailed)
      on(): Promise<void> {
        return gate.promise;
      }
    }
    const { store, checkout } = await start({ providers: [Checkout, Hanging, noMailer] });
    for (let order = 0; order < 16; order += 1) await commitEvent(store, StkFailed);
    const event = await commitEvent(store);
    await settled();
    expect(checkout.seen).toEqual([event.id]);
    gate.resolve();
  });
});

describe('leases', () => {
  it('keeps the lease while the handler runs, so that no other process runs it', async () => {
    const clock = new FakeClock();
    const shared = new InMemoryAttemptStore(clock);
    const one = await start({ clock, store: shared });
    const gate = deferred();
    one.checkout.work = () => gate.promise;
    const event = await commitEvent(shared);
    await settled();
    const other = await start({ clock, store: shared });
    await clock.advance(300_000);
    expect([one.checkout.seen, other.checkout.seen]).toEqual([[event.id], []]);
    expect(other.logs.of('warn').filter((line) => line.includes('running'))).toEqual([
      `warn: Checkout.paid for ${event.id} has been running for 30 s`,
    ]);
    gate.resolve();
    await clock.advance(300_000);
    expect([one.checkout.seen, other.checkout.seen]).toEqual([[event.id], []]);
  });

  it('takes over what a process left when it died', async () => {
    const clock = new FakeClock();
    const store = new InMemoryAttemptStore(clock);
    const event = await commitEvent(store);
    const handlers = ['Checkout.paid'];
    await store.subscribe(new Map([[StkCompleted.type, handlers]]));
    await store.claimEvents({ handlers, limit: 1, leaseMs: 30_000 });
    const { checkout } = await start({ clock, store });
    await clock.advance(29_000);
    expect(checkout.seen).toEqual([]);
    await clock.advance(2_500);
    expect(checkout.seen).toEqual([event.id]);
  });

  it('says so when the lease was lost, and leaves the outcome to whoever has it', async () => {
    const clock = new FakeClock();
    const shared = new InMemoryAttemptStore(clock);
    let reachable = true;
    const away = () => Promise.reject(new Error('no route to the database'));
    const cutOff = asSeenElsewhere(shared, {
      renew: away,
      claimEvents: (claim) => (reachable ? shared.claimEvents(claim) : away()),
    });
    const one = await start({ clock, store: cutOff });
    const gate = deferred();
    one.checkout.work = () => gate.promise;
    const event = await commitEvent(shared);
    await settled();
    reachable = false;
    const other = await start({ clock, store: shared });
    other.checkout.work = fail;
    await clock.advance(31_200);
    // Once or twice by now: how soon it is tried again is drawn by lot.
    expect(new Set(other.checkout.seen)).toEqual(new Set([event.id]));
    gate.resolve();
    await settled();
    expect(other.logs.lines.filter((line) => line.includes('lost'))).toEqual([
      `warn: Checkout.paid for ${event.id} lost its lease: another process may have run it as well`,
    ]);
    other.checkout.work = () => undefined;
    const failed = other.checkout.seen.length;
    await clock.advance(5_000);
    expect(one.checkout.seen).toEqual([event.id]);
    expect(other.checkout.seen).toHaveLength(failed + 1);
  });

  it('takes its own lost lease up again instead of running the handler twice', async () => {
    const clock = new FakeClock();
    const shared = new InMemoryAttemptStore(clock);
    let reachable = false;
    const away = () => Promise.reject(new Error('no route to the database'));
    const { checkout } = await start({
      clock,
      store: asSeenElsewhere(shared, {
        renew: (...given) => (reachable ? shared.renew(...given) : away()),
      }),
    });
    const gate = deferred();
    checkout.work = () => gate.promise;
    const event = await commitEvent(shared);
    await clock.advance(35_000);
    reachable = true;
    await clock.advance(60_000);
    gate.resolve();
    await settled();
    const next = await start({ clock, store: shared });
    await clock.advance(60_000);
    expect([checkout.seen, next.checkout.seen]).toEqual([[event.id], []]);
  });

  it('says once that a lease is lost, however often the store says so', async () => {
    const clock = new FakeClock();
    const shared = new InMemoryAttemptStore(clock);
    const renew = () => Promise.resolve(false);
    const { checkout, logs } = await start({ clock, store: asSeenElsewhere(shared, { renew }) });
    const gate = deferred();
    checkout.work = () => gate.promise;
    await commitEvent(shared);
    await clock.advance(25_000);
    expect(logs.of('warn').filter((line) => line.includes('lost its lease'))).toHaveLength(1);
    gate.resolve();
  });

  it('has nothing to say of a renewal that comes back after the end, and renews no more', async () => {
    const clock = new FakeClock();
    const shared = new InMemoryAttemptStore(clock);
    const renewal = deferred();
    const renew = jest.fn(() => renewal.promise.then(() => false));
    const { checkout, logs } = await start({ clock, store: asSeenElsewhere(shared, { renew }) });
    const gate = deferred();
    checkout.work = () => gate.promise;
    await commitEvent(shared);
    await clock.advance(10_000);
    gate.resolve();
    await settled();
    renewal.resolve();
    await clock.advance(60_000);
    expect(renew).toHaveBeenCalledTimes(1);
    expect(logs.of('warn').filter((line) => line.includes('lease'))).toEqual([]);
  });
});

describe('a store that does not answer', () => {
  const away = () => Promise.reject(new Error('connection refused'));

  it('is logged once, asked at growing distance, and forgiven when it answers', async () => {
    const clock = new FakeClock();
    const shared = new InMemoryAttemptStore(clock);
    let gone = true;
    const claimEvents = jest.fn<InMemoryAttemptStore['claimEvents']>((claim) =>
      gone ? away() : shared.claimEvents(claim),
    );
    const { checkout, logs } = await start({
      clock,
      store: asSeenElsewhere(shared, { claimEvents, commits: NEVER }),
    });
    await commitEvent(shared);
    await clock.advance(600_000);
    expect(claimEvents.mock.calls.length).toBeLessThan(40);
    expect(logs.of('error')).toEqual([
      'error: The store does not answer, events wait until it does: Error: connection refused',
    ]);
    gone = false;
    await clock.advance(36_000);
    expect(checkout.seen).toHaveLength(1);
    expect(logs.lines).toContain('log: The store answers again: events are delivered.');
    gone = true;
    await clock.advance(2_000);
    expect(logs.of('error')).toHaveLength(2);
  });

  it('makes drain() reject', async () => {
    const shared = new InMemoryAttemptStore(new FakeClock());
    const { dispatcher } = await start({
      store: asSeenElsewhere(shared, { claimEvents: away }),
    });
    await expect(dispatcher.drain()).rejects.toThrow('connection refused');
  });

  it('is offered the outcome again, so that work which is done is not done twice', async () => {
    const clock = new FakeClock();
    const shared = new InMemoryAttemptStore(clock);
    const acknowledge = jest
      .fn<InMemoryAttemptStore['acknowledge']>((...given) => shared.acknowledge(...given))
      .mockImplementationOnce(away)
      .mockImplementationOnce(away);
    const { checkout, logs } = await start({
      clock,
      store: asSeenElsewhere(shared, { acknowledge }),
      providers: [Checkout, noMailer],
    });
    await commitEvent(shared);
    await clock.advance(600_000);
    expect(checkout.seen).toHaveLength(1);
    expect(acknowledge).toHaveBeenCalledTimes(3);
    expect(logs.of('error')).toEqual([]);
  });

  it('is given up for one delivery after half a minute; then that comes again', async () => {
    const clock = new FakeClock();
    const shared = new InMemoryAttemptStore(clock);
    let gone = true;
    const acknowledge: InMemoryAttemptStore['acknowledge'] = (...given) =>
      gone ? away() : shared.acknowledge(...given);
    const { checkout, logs } = await start({
      clock,
      store: asSeenElsewhere(shared, { acknowledge }),
      providers: [Checkout, noMailer],
    });
    const event = await commitEvent(shared);
    await clock.advance(32_000);
    expect(logs.of('error')).toEqual([
      `error: Checkout.paid for ${event.id} ended, the store took no note of it: ` +
        'Error: connection refused',
    ]);
    gone = false;
    await clock.advance(32_000);
    expect(checkout.seen).toEqual([event.id, event.id]);
  });
});

describe('drain', () => {
  it('resolves when all that is due was handled, one after the other too', async () => {
    const { store, checkout, mailer, dispatcher } = await start();
    for (let i = 0; i < 40; i += 1) await commitEvent(store, StkCompleted, `order ${i % 2}`);
    checkout.work = settled;
    await dispatcher.drain();
    expect(checkout.seen).toHaveLength(40);
    expect(mailer.seen).toHaveLength(40);
  });

  it('sees what a handler commits', async () => {
    const { store, checkout, dispatcher } = await start();
    checkout.work = () => (checkout.seen.length < 3 ? commitEvent(store) : undefined);
    await commitEvent(store);
    await dispatcher.drain();
    expect(checkout.seen).toHaveLength(3);
  });

  it('does not wait for the next try of what failed', async () => {
    const { store, checkout, dispatcher, clock } = await start();
    checkout.work = () => (checkout.seen.length === 1 ? fail() : undefined);
    await commitEvent(store);
    await dispatcher.drain();
    expect(checkout.seen).toHaveLength(1);
    await clock.advance(600);
    await dispatcher.drain();
    expect(checkout.seen).toHaveLength(2);
  });

  it('resolves where this process delivers nothing', async () => {
    const { store, dispatcher, checkout } = await start({ settings: { background: false } });
    await commitEvent(store);
    await dispatcher.drain();
    expect(checkout.seen).toEqual([]);
  });
});

describe('shutdown', () => {
  it('waits for running handlers, and begins nothing new', async () => {
    const { module, store, checkout } = await start();
    const gate = deferred();
    checkout.work = () => gate.promise;
    const first = await commitEvent(store);
    await settled();
    let closed = false;
    const closing = module.close().then(() => (closed = true));
    await settled();
    await commitEvent(store);
    await settled();
    expect(closed).toBe(false);
    gate.resolve();
    await closing;
    expect(checkout.seen).toEqual([first.id]);
  });

  it('leaves what was not begun to the next process', async () => {
    const { module, store, checkout, clock } = await start();
    await settled();
    const event = await commitEvent(store);
    await module.close();
    await clock.advance(60_000);
    expect(checkout.seen).toEqual([]);
    const next = await start({ clock, store });
    await next.dispatcher.drain();
    expect(next.checkout.seen).toEqual([event.id]);
  });

  it('listens to the store no more, and polls no more', async () => {
    const clock = new FakeClock();
    const store = new InMemoryAttemptStore(clock);
    const { module } = await start({ clock, store });
    expect(store.commits.observed).toBe(true);
    await module.close();
    expect(store.commits.observed).toBe(false);
    const scheduled = jest.spyOn(clock, 'schedule');
    await clock.advance(60_000);
    expect(scheduled).not.toHaveBeenCalled();
  });

  it('has noted what those handlers did', async () => {
    const { module, store, checkout, clock } = await start();
    const gate = deferred();
    checkout.work = () => gate.promise;
    await commitEvent(store);
    await settled();
    const closing = module.close();
    gate.resolve();
    await closing;
    const next = await start({ clock, store });
    await clock.advance(60_000);
    expect(next.checkout.seen).toEqual([]);
  });

  it('waits for 10 s at most, and names those that still run', async () => {
    const { module, store, checkout, clock, logs } = await start();
    const gate = deferred();
    checkout.work = () => gate.promise;
    await commitEvent(store);
    await settled();
    let closed = false;
    const closing = module.close().then(() => (closed = true));
    await clock.advance(9_999);
    expect(closed).toBe(false);
    await clock.advance(1);
    await closing;
    expect(logs.of('warn').at(-1)).toBe(
      'warn: Not waiting any longer for Checkout.paid: the events will be delivered again.',
    );
    gate.resolve();
  });

  it('may be asked for twice, and before there was a start', async () => {
    const { module, dispatcher } = await start();
    await module.close();
    await expect(dispatcher.beforeApplicationShutdown()).resolves.toBeUndefined();
    const never = await compileEventsApp({ providers: [Checkout] });
    never.dispatcher.onModuleDestroy();
    await expect(never.dispatcher.beforeApplicationShutdown()).resolves.toBeUndefined();
  });
});
