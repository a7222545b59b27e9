import type { AttemptStore } from '../../attempts/attempt-store.js';
import { StoreSubject } from './store-subject.js';

/**
 * A store to be checked.
 * @publicApi
 */
export interface StoreConformanceContext {
  /** The store, empty. */
  readonly store: AttemptStore;
  /**
   * A second instance on the same data, as another process of the application has it. Left out where
   * no other can see the data: the first one takes both parts.
   */
  readonly otherStore?: AttemptStore;
  /**
   * Lets `ms` pass by the store's clock: moves a fake one, or waits that long. Called with less than a
   * second.
   */
  advance(ms: number): Promise<void>;
}

/**
 * One promise of the port, and how to see whether a store keeps it.
 * @publicApi
 */
export interface StoreConformanceCheck {
  /** `settle: takes a callback once`. */
  readonly name: string;
  /** Rejects with node:assert's `AssertionError`, or with what the store threw, where it does not. */
  run(context: StoreConformanceContext): Promise<void>;
}

export const check = (
  name: string,
  run: (subject: StoreSubject) => Promise<void>,
): StoreConformanceCheck => ({ name, run: (context) => run(new StoreSubject(context)) });
