import { InMemoryAccessTokenStore } from '../../../lib/daraja/in-memory-access-token.store.js';
import { InProcessRateLimiter } from '../../../lib/daraja/in-process-rate-limiter.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('more than ten thousand accounts', () => {
  it('have tokens; those that were not used for longest are forgotten', async () => {
    const store = new InMemoryAccessTokenStore();
    const entry = { token: 'token', expiresAt: 1 };
    for (let index = 0; index < 10_000; index += 1) await store.set(String(index), entry);
    expect(await store.get('0')).toEqual(entry);
    await store.set('10000', entry);
    expect([await store.get('0'), await store.get('1')]).toEqual([entry, null]);
  });

  it('leave nothing with the rate limiter once their time is over, and lose nothing before', async () => {
    const clock = new FakeClock();
    const limiter = new InProcessRateLimiter(clock);
    await limiter.block('blocked', 3_600_000);
    let most = 0;
    for (let index = 0; index < 10_000; index += 1) {
      await limiter.take(`key-${String(index)}`, 1_000);
      if (index % 100 === 99) await clock.advance(1_000);
      most = Math.max(most, limiter.size);
    }
    expect(most).toBeLessThan(1_100);
    expect(await limiter.take('blocked', 1_000)).toBeGreaterThan(3_400_000);
  });
});
