import { Injectable } from '@nestjs/common';
import { CqrsModule, EventBus, EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { StkCompleted } from '../../../lib/attempts/events/stk-completed.event.js';
import type { StkEvent } from '../../../lib/attempts/events/stk-event.js';
import { StkFailed } from '../../../lib/attempts/events/stk-failed.event.js';
import { OnStkEvent } from '../../../lib/events/on-stk-event.decorator.js';
import { FakeClock } from '../../support/fake-clock.js';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import { commitEvent, startEventsApp, type EventsApp } from './events-app.js';

@Injectable()
class Listener {
  readonly seen: StkEvent[] = [];
  work: () => unknown = () => undefined;

  @OnEvent('stk.completed')
  async on(event: StkEvent): Promise<void> {
    this.seen.push(event);
    await this.work();
  }
}

@EventsHandler(StkCompleted)
class PaidHandler implements IEventHandler<StkCompleted> {
  readonly seen: StkEvent[] = [];

  handle(event: StkCompleted): void {
    this.seen.push(event);
  }
}

@Injectable()
class Checkout {
  readonly seen: StkEvent[] = [];

  @OnStkEvent(StkCompleted)
  paid(event: StkCompleted): void {
    this.seen.push(event);
  }
}

let app: EventsApp;

afterEach(() => app.module.close());

describe('mirrors', () => {
  it('show the very same objects to EventEmitter2 by type and to the EventBus by class', async () => {
    app = await startEventsApp({
      imports: [EventEmitterModule.forRoot({ wildcard: true }), CqrsModule.forRoot()],
      providers: [Listener, PaidHandler, Checkout],
    });
    const all: unknown[] = [];
    app.module.get(EventEmitter2).on('stk.*', (event: unknown) => all.push(event));
    const completed = await commitEvent(app.store);
    const failed = await commitEvent(app.store, StkFailed);
    await app.dispatcher.drain();
    expect(app.module.get(Listener).seen).toEqual([completed]);
    expect(app.module.get(PaidHandler).seen).toEqual([completed]);
    expect(app.module.get(Checkout).seen[0]).toBe(app.module.get(Listener).seen[0]);
    expect(app.module.get(Checkout).seen[0]).toBe(app.module.get(PaidHandler).seen[0]);
    expect(all).toEqual([completed, failed]);
  });

  it('reach listeners with what was left over at the start', async () => {
    const clock = new FakeClock();
    const store = new InMemoryAttemptStore(clock);
    await commitEvent(store);
    app = await startEventsApp({
      clock,
      store,
      imports: [EventEmitterModule.forRoot(), CqrsModule],
      providers: [Listener, PaidHandler],
    });
    await app.dispatcher.drain();
    expect(app.module.get(Listener).seen).toHaveLength(1);
    expect(app.module.get(PaidHandler).seen).toHaveLength(1);
  });

  it('log the failure of a listener, and repeat nothing', async () => {
    app = await startEventsApp({
      imports: [EventEmitterModule.forRoot(), CqrsModule.forRoot()],
      providers: [Listener, PaidHandler, Checkout],
    });
    const emitter = app.module.get(EventEmitter2);
    let calls = 0;
    emitter.on('stk.completed', () => {
      calls += 1;
      throw new Error('thrown');
    });
    const rejecting = (): unknown => {
      calls += 1;
      return Promise.reject(new Error('rejected'));
    };
    emitter.on('stk.failed', rejecting);
    const completed = await commitEvent(app.store);
    const failed = await commitEvent(app.store, StkFailed);
    await app.clock.advance(120_000);
    expect(calls).toBe(2);
    expect(app.logs.of('error')).toEqual([
      `error: A listener of ${completed.id} (event-emitter) failed: Error: thrown`,
      `error: A listener of ${failed.id} (event-emitter) failed: Error: rejected`,
    ]);
    expect(app.module.get(PaidHandler).seen).toHaveLength(1);
    expect(app.module.get(Checkout).seen).toHaveLength(1);
  });

  it('do not wait for a listener that hangs', async () => {
    app = await startEventsApp({
      imports: [EventEmitterModule.forRoot()],
      providers: [Listener],
    });
    const listener = app.module.get(Listener);
    listener.work = () => new Promise(() => undefined);
    for (let i = 0; i < 50; i += 1) await commitEvent(app.store, StkCompleted, 'one order');
    await app.dispatcher.drain();
    expect(listener.seen).toHaveLength(50);
  });

  it('show an event once where an application has two EventBuses', async () => {
    app = await startEventsApp({
      imports: [CqrsModule.forRoot(), CqrsModule],
      providers: [PaidHandler],
    });
    await commitEvent(app.store);
    await app.dispatcher.drain();
    expect(app.module.get(PaidHandler).seen).toHaveLength(1);
  });

  it('leave alone what only looks like a bus', async () => {
    const calls: unknown[] = [];
    const lookalike = {
      emitAsync: (...given: unknown[]) => calls.push(given),
      onAny: () => undefined,
      publish: (...given: unknown[]) => calls.push(given),
      publishAll: () => undefined,
    };
    app = await startEventsApp({
      providers: [Checkout, { provide: EventBus, useValue: lookalike }],
    });
    await commitEvent(app.store);
    await app.dispatcher.drain();
    expect(app.module.get(Checkout).seen).toHaveLength(1);
    expect(calls).toEqual([]);
  });
});
