import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import { FakeClock } from '../../../lib/testing/fake-clock.js';
import { storeConformance } from '../../../lib/testing/store-conformance/store-conformance.js';

describe('the in-memory store', () => {
  it.each(storeConformance)('$name', async ({ run }) => {
    const clock = new FakeClock();
    await run({ store: new InMemoryAttemptStore(clock), advance: (ms) => clock.advance(ms) });
  });
});
