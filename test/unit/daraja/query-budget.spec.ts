import { Logger } from '@nestjs/common';
import { jest } from '@jest/globals';
import { InProcessRateLimiter } from '../../../lib/daraja/in-process-rate-limiter.js';
import { QueryBudget } from '../../../lib/daraja/query-budget.js';
import { RateLimiter } from '../../../lib/daraja/rate-limiter.js';
import { FakeClock } from '../../support/fake-clock.js';

const shop = { baseUrl: 'https://daraja.example', consumerKey: 'key' };
const INTERVAL_MS = 12_000;

function setUp(limiter?: RateLimiter) {
  const clock = new FakeClock();
  const budget = new QueryBudget(limiter ?? new InProcessRateLimiter(clock), {
    minIntervalMs: INTERVAL_MS,
  });
  return { clock, budget };
}

describe('QueryBudget', () => {
  it('gives a permit each interval, and tells how long until the next', async () => {
    const { clock, budget } = setUp();
    expect(await budget.take(shop)).toBe(0);
    await clock.advance(2_000);
    expect(await budget.take(shop)).toBe(10_000);
    await clock.advance(10_000);
    expect(await budget.take(shop)).toBe(0);
  });

  it('is one budget for accounts that share credentials, and for no others', async () => {
    const { budget } = setUp();
    expect(await budget.take({ ...shop, shortCode: '1' } as typeof shop)).toBe(0);
    expect(await budget.take({ ...shop, shortCode: '2' } as typeof shop)).toBe(INTERVAL_MS);
    expect(await budget.take({ ...shop, consumerKey: 'another' })).toBe(0);
    expect(await budget.take({ ...shop, baseUrl: 'https://other.example' })).toBe(0);
  });

  it('charges what is not held back', async () => {
    const { clock, budget } = setUp();
    await budget.take(shop);
    await clock.advance(11_000);
    await budget.charge(shop);
    expect(await budget.take(shop)).toBe(INTERVAL_MS);
  });

  it('slows the whole key by 429, longer each time, until Daraja takes a request', async () => {
    const { clock, budget } = setUp();
    const waits: number[] = [];
    for (let times = 0; times < 4; times += 1) {
      await budget.throttled(shop, null);
      waits.push(await budget.take(shop));
      await clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits).toEqual([24_000, 48_000, 96_000, 192_000]);
    budget.accepted(shop);
    await budget.throttled(shop, null);
    expect(await budget.take(shop)).toBe(24_000);
  });

  it('obeys Retry-After, up to an hour, and is never shortened by a later charge', async () => {
    const { budget, clock } = setUp();
    await budget.throttled(shop, 90_000);
    await budget.charge(shop);
    expect(await budget.take(shop)).toBe(90_000);
    await clock.advance(90_000);
    await budget.throttled(shop, 90_000_000);
    expect(await budget.take(shop)).toBe(3_600_000);
  });

  it('gives untrusted input a fifth of it, and nothing where the limiter is away', async () => {
    const { clock, budget } = setUp();
    expect([await budget.takeNudge(shop), await budget.takeNudge(shop)]).toEqual([true, false]);
    await clock.advance(5 * INTERVAL_MS);
    expect(await budget.takeNudge(shop)).toBe(true);

    class Away extends RateLimiter {
      take = () => Promise.reject(new Error('away'));
      block = () => Promise.reject(new Error('away'));
    }
    const warned = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const away = setUp(new Away()).budget;
    expect(await away.takeNudge(shop)).toBe(false);
    await expect(away.take(shop)).rejects.toThrow('away');
    // What is made in any case must not fail for it.
    await away.charge(shop);
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });
});
