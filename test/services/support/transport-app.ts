import { Test, type TestingModule } from '@nestjs/testing';
import { SystemClock } from '../../../lib/attempts/clock.js';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import { StkEventDispatcher } from '../../../lib/events/stk-event.dispatcher.js';
import type { EventTransport } from '../../../lib/index.js';
import { eventsMetadata, LogBook } from '../../unit/events/events-app.js';

export interface TransportApp {
  module: TestingModule;
  store: InMemoryAttemptStore;
  dispatcher: StkEventDispatcher;
  /** Whether the log says that the transport takes no events. */
  isFailing: () => boolean;
}

const clock = new SystemClock();

/** The machinery of events alone, by real time, as a broker's is. */
export async function startTransportApp(
  transport: EventTransport,
  store = new InMemoryAttemptStore(clock),
): Promise<TransportApp> {
  const logs = new LogBook();
  const settings = { transports: [transport] };
  const module = await Test.createTestingModule(eventsMetadata(clock, store, { settings }))
    .setLogger(logs)
    .compile();
  await module.init();
  const isFailing = () => logs.lines.some((line) => line.includes('takes no events'));
  return { module, store, isFailing, dispatcher: module.get(StkEventDispatcher) };
}
