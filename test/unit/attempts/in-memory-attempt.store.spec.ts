import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import type { StkTransaction } from '../../../lib/attempts/stk-transaction.js';
import { FakeClock } from '../../../lib/testing/fake-clock.js';
import { aNewAttempt } from '../../support/attempts.js';

// What every store promises is in the conformance suite, which store-conformance.spec.ts runs on this one.
describe('InMemoryAttemptStore', () => {
  it('takes part in no transaction of the caller’s', async () => {
    const store = new InMemoryAttemptStore(new FakeClock());
    const opening = store.open(aNewAttempt(), {} as StkTransaction);
    await expect(opening).rejects.toMatchObject({ code: 'STK_TRANSACTION' });
    expect(await store.find('attempt-1')).toBeNull();
  });

  it('forgets the oldest of too many forgeries', async () => {
    const clock = new FakeClock();
    const store = new InMemoryAttemptStore(clock);
    for (let i = 0; i < 1_100; i += 1) {
      const receivedAt = new Date(clock.now());
      const forged = { problem: 'malformed', sourceIp: null, raw: null, tokenHash: null } as const;
      await store.quarantine({ ...forged, detail: `${i}`, receivedAt });
    }
    expect(store.quarantined).toHaveLength(1_000);
    expect(store.quarantined[0]?.detail).toBe('100');
  });
});
