import { claimSendChecks } from './claim-send.checks.js';
import { deferredChecks } from './deferred.checks.js';
import { deliveryChecks } from './delivery.checks.js';
import { keptCallbacksChecks } from './kept-callbacks.checks.js';
import { lagChecks } from './lag.checks.js';
import { openChecks } from './open.checks.js';
import { queryChecks } from './query.checks.js';
import { personalDataChecks } from './personal-data.checks.js';
import { readingChecks } from './reading.checks.js';
import { settleChecks } from './settle.checks.js';
import type { StoreConformanceCheck } from './store-conformance-check.js';
import { subscribeChecks } from './subscribe.checks.js';

/**
 * What an `AttemptStore` has to do, as checks for whatever test runner: each by itself, on a store that
 * is empty.
 *
 * ```ts
 * for (const check of storeConformance) {
 *   it(check.name, async () => {
 *     const clock = new FakeClock();
 *     await check.run({ store: await emptyStore(clock), advance: (ms) => clock.advance(ms) });
 *   });
 * }
 * ```
 * @publicApi
 */
export const storeConformance: readonly StoreConformanceCheck[] = [
  ...openChecks,
  ...claimSendChecks,
  ...settleChecks,
  ...deferredChecks,
  ...keptCallbacksChecks,
  ...readingChecks,
  ...queryChecks,
  ...personalDataChecks,
  ...subscribeChecks,
  ...deliveryChecks,
  ...lagChecks,
];
