import { AttemptStore } from './attempts/attempt-store.js';
import { Clock } from './attempts/clock.js';
import { InMemoryAttemptStore } from './attempts/in-memory-attempt.store.js';
import type { MpesaPersistence } from './mpesa-persistence.js';

/**
 * Keeps attempts in this process's memory: a restart forgets every one, money that is under way
 * included. For a first try and for tests; production takes it only when you say so by this call.
 * @publicApi
 */
export const inMemoryPersistence = (): MpesaPersistence => ({
  name: 'in-memory',
  providers: [
    {
      provide: AttemptStore,
      useFactory: (clock: Clock) => new InMemoryAttemptStore(clock),
      inject: [Clock],
    },
  ],
});
