import { inspect } from 'node:util';
import type { LoggerService, ModuleMetadata, Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { AttemptStore } from '../../../lib/attempts/attempt-store.js';
import { Clock } from '../../../lib/attempts/clock.js';
import { StkCompleted } from '../../../lib/attempts/events/stk-completed.event.js';
import type { StkEvent, StkEventClass } from '../../../lib/attempts/events/stk-event.js';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import { StkDeliveryRunner } from '../../../lib/events/stk-delivery.runner.js';
import { MPESA_RANDOM } from '../../../lib/attempts/random.js';
import { StkEventSettings } from '../../../lib/events/stk-event-settings.js';
import { StkEventDispatcher } from '../../../lib/events/stk-event.dispatcher.js';
import { StkEventMirrors } from '../../../lib/events/stk-event.mirrors.js';
import { StkHandlerExplorer } from '../../../lib/events/stk-handler.explorer.js';
import { MpesaTelemetry } from '../../../lib/telemetry/mpesa-telemetry.js';
import { NO_TELEMETRY } from '../../../lib/telemetry/no-telemetry.js';
import { aNewAttempt } from '../../support/attempts.js';
import { FakeClock } from '../../support/fake-clock.js';

/** Keeps what is logged. */
export class LogBook implements LoggerService {
  readonly lines: string[] = [];
  /** All that the logger was given: stacks, contexts. */
  readonly details: string[] = [];
  log(message: unknown, ...more: unknown[]): void {
    this.keep('log', message, more);
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.keep('warn', message, more);
  }

  error(message: unknown, ...more: unknown[]): void {
    this.keep('error', message, more);
  }

  /** Lines of these levels. Nest's logger is one for the process: a second application takes it. */
  of(...levels: string[]): string[] {
    return this.lines.filter((line) => levels.some((level) => line.startsWith(`${level}: `)));
  }

  private keep(level: string, message: unknown, more: unknown[]): void {
    this.lines.push(`${level}: ${String(message)}`);
    this.details.push(inspect([message, ...more], { depth: 10 }));
  }
}

export interface EventsAppOptions {
  clock?: FakeClock;
  store?: AttemptStore;
  imports?: ModuleMetadata['imports'];
  controllers?: ModuleMetadata['controllers'];
  providers?: Provider[];
  settings?: Partial<StkEventSettings>;
}

export interface EventsApp {
  module: TestingModule;
  clock: FakeClock;
  store: AttemptStore;
  logs: LogBook;
  dispatcher: StkEventDispatcher;
}

/** A module with the event machinery over this clock and store. */
export function eventsMetadata(
  clock: Clock,
  store: AttemptStore,
  options: EventsAppOptions,
): Required<Pick<ModuleMetadata, 'imports' | 'controllers' | 'providers'>> {
  const settings = {
    tries: 8,
    firstDelayMs: 500,
    transports: [],
    background: true,
    ...options.settings,
  };
  return {
    imports: [DiscoveryModule, ...(options.imports ?? [])],
    controllers: options.controllers ?? [],
    providers: [
      { provide: Clock, useValue: clock },
      { provide: AttemptStore, useValue: store },
      { provide: StkEventSettings, useValue: settings },
      { provide: MPESA_RANDOM, useValue: Math.random },
      { provide: MpesaTelemetry, useValue: NO_TELEMETRY },
      StkHandlerExplorer,
      StkEventMirrors,
      StkDeliveryRunner,
      StkEventDispatcher,
      ...(options.providers ?? []),
    ],
  };
}

/** An application with it, compiled: `module.init()` starts it. */
export async function compileEventsApp(options: EventsAppOptions): Promise<EventsApp> {
  const clock = options.clock ?? new FakeClock();
  const store = options.store ?? new InMemoryAttemptStore(clock);
  const logs = new LogBook();
  const module = await Test.createTestingModule(eventsMetadata(clock, store, options))
    .setLogger(logs)
    .compile();
  return { module, clock, store, logs, dispatcher: module.get(StkEventDispatcher) };
}

export async function startEventsApp(options: EventsAppOptions): Promise<EventsApp> {
  const app = await compileEventsApp(options);
  await app.module.init();
  return app;
}

let attempts = 0;

/** Has the store commit an event of a new attempt, as a settlement would. */
export async function commitEvent(
  store: AttemptStore,
  eventClass: StkEventClass = StkCompleted,
  order = `order of attempt ${attempts + 1}`,
): Promise<StkEvent> {
  attempts += 1;
  const attempt = aNewAttempt({
    id: `attempt-${attempts}`,
    orderId: order,
    order,
    orderSlot: null,
  });
  const event = new eventClass({
    id: `${attempt.id}:${eventClass.type}`,
    attemptId: attempt.id,
    account: 'default',
    orderId: order,
    occurredAt: new Date(),
    metadata: null,
    receipt: 'TAK5SECRET',
    checkoutRequestId: 'ws_CO_050120260900254712345678',
  } as never);
  await store.open(attempt);
  await store.settle({ attemptId: attempt.id }, { kind: 'deadline' }, (read) => ({
    attempt: { ...read },
    events: [event],
    settlesOrder: false,
    callback: null,
  }));
  return event;
}

/** The same store as another process sees it: this one's commits are not announced there. */
export function asSeenElsewhere(store: AttemptStore, own: Partial<AttemptStore>): AttemptStore {
  return new Proxy(store, {
    get(target, name): unknown {
      if (name in own) return own[name as keyof AttemptStore];
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A promise that a test resolves. */
export function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((r) => (resolve = r));
  return { promise, resolve };
}

/** Resolves when `condition` holds; the test's own time-out is the deadline. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
