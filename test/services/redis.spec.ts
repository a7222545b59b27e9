import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { RedisAccessTokenStore, RedisRateLimiter, type RedisClient } from '../../lib/redis.js';
import { describeWith, locate } from '../support/services.js';
import { until } from '../support/until.js';
import { TcpProxy } from '../processes/support/tcp-proxy.js';

/** Longer than any of these tests takes, in ms. */
const LONG_MS = 600_000;

const closers: (() => unknown)[] = [];

/** Either kind of client, as the README says to make it. */
const CLIENTS: Record<string, (port: number) => Promise<RedisClient>> = {
  ioredis: async (port) => {
    const retryStrategy = () => 50;
    const options = { enableOfflineQueue: false, lazyConnect: true, retryStrategy };
    const client = new Redis(port, '127.0.0.1', options);
    client.on('error', () => undefined);
    await client.connect();
    closers.push(() => {
      client.disconnect();
    });
    return client;
  },
  redis: async (port) => {
    const client = createClient({
      url: `redis://127.0.0.1:${String(port)}`,
      disableOfflineQueue: true,
      socket: { reconnectStrategy: 50 },
    });
    client.on('error', () => undefined);
    await client.connect();
    closers.push(() => {
      client.destroy();
    });
    return client;
  },
};

const times = <T>(count: number, work: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => work(index));

let keys = 0;
/** Of this run alone: nobody has used it before. */
const aKey = () => `test-${String(process.pid)}-${String(Date.now())}-${String((keys += 1))}`;

describeWith('redis', 'what instances share over Redis', () => {
  const server = () => Number(new URL(locate('redis')).port || 6379);

  afterEach(async () => {
    jest.restoreAllMocks();
    for (const close of closers.splice(0)) await close();
  });

  describe.each(Object.entries(CLIENTS))('with a client of %s', (_, connect) => {
    const two = () => Promise.all([connect(server()), connect(server())]);

    it('gives one of many the permit, and tells the others how long to wait', async () => {
      const limiters = (await two()).map((client) => new RedisRateLimiter(client));
      const key = aKey();
      const takeAll = () => Promise.all(times(20, (i) => limiters[i % 2]!.take(key, LONG_MS)));
      const waits = await takeAll();
      expect(waits.filter((ms) => ms === 0)).toHaveLength(1);
      for (const ms of waits) expect(ms).toBeLessThanOrEqual(LONG_MS);
      expect((await takeAll()).every((ms) => ms > LONG_MS / 2)).toBe(true);
      expect(await limiters[0]!.take(aKey(), LONG_MS)).toBe(0);
    });

    it('gives one of many the next permit, when it is there', async () => {
      const limiters = (await two()).map((client) => new RedisRateLimiter(client));
      const key = aKey();
      await limiters[0]!.block(key, 50);
      await wait(100);
      const waits = await Promise.all(times(20, (i) => limiters[i % 2]!.take(key, LONG_MS)));
      expect(waits.filter((ms) => ms === 0)).toHaveLength(1);
    });

    it('blocks a key, known or not, and never shortens a longer time', async () => {
      const [one, other] = (await two()).map((client) => new RedisRateLimiter(client));
      const [blocked, taken] = [aKey(), aKey()];
      await one!.block(blocked, LONG_MS);
      await other!.block(blocked, 1);
      expect(await other!.take(blocked, 1)).toBeGreaterThan(LONG_MS / 2);
      await one!.take(taken, 1_000);
      await other!.block(taken, LONG_MS);
      expect(await one!.take(taken, 1)).toBeGreaterThan(LONG_MS / 2);
    });

    it('gives every instance the token that one has set, and forgets that one alone', async () => {
      const [one, other] = (await two()).map((client) => new RedisAccessTokenStore(client));
      const key = aKey();
      expect(await other!.get(key)).toBeNull();
      const entry = { token: 'sealed:token', expiresAt: Date.now() + 1 };
      await one!.set(key, entry);
      expect(await other!.get(key)).toEqual(entry);
      await other!.delete(key, 'another');
      expect(await one!.get(key)).toEqual(entry);
      await other!.delete(key, entry.token);
      expect(await one!.get(key)).toBeNull();
    });

    it('has one holder of a claim, until that one releases it or its time is over', async () => {
      const [one, other] = (await two()).map((client) => new RedisAccessTokenStore(client));
      const [key, dead] = [aKey(), aKey()];
      const claims = await Promise.all([
        one!.claim(key, 'one', LONG_MS),
        other!.claim(key, 'two', LONG_MS),
      ]);
      expect(claims.filter(Boolean)).toHaveLength(1);
      const [holder, loser] = claims[0] ? ['one', 'two'] : ['two', 'one'];
      expect(await one!.claim(key, holder, LONG_MS)).toBe(true);
      await other!.release(key, loser);
      expect(await other!.claim(key, loser, LONG_MS)).toBe(false);
      await one!.release(key, holder);
      expect(await other!.claim(key, loser, LONG_MS)).toBe(true);
      await one!.claim(dead, 'one', 50);
      await wait(100);
      expect(await other!.claim(dead, 'two', LONG_MS)).toBe(true);
    });

    it.each(['refuse', 'hang'] as const)(
      'goes on by itself while Redis is away (%s), says so once, and is healed by itself',
      async (way) => {
        const proxy = new TcpProxy({ host: '127.0.0.1', port: server() });
        closers.push(() => proxy.close());
        const client = await connect(await proxy.listen());
        const [limiter, store] = [new RedisRateLimiter(client), new RedisAccessTokenStore(client)];
        const warned = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
        const told = jest.spyOn(Logger.prototype, 'log').mockReturnValue();
        const [before, during, after] = [aKey(), aKey(), aKey()];
        expect(await limiter.take(before, LONG_MS)).toBe(0);

        proxy[way]();
        expect(await limiter.take(during, LONG_MS)).toBe(0);
        expect(await limiter.take(during, LONG_MS)).toBeGreaterThan(LONG_MS / 2);
        await limiter.block(after, LONG_MS);
        await expect(store.get('any')).rejects.toThrow();
        expect(warned).toHaveBeenCalledTimes(1);

        proxy.restore();
        const answers = async () => {
          await limiter.take(aKey(), 1);
          return told.mock.calls.length > 0;
        };
        await until(answers, 30_000);
        expect(await limiter.take(before, LONG_MS)).toBeGreaterThan(0);
        const isHealed = () =>
          store.get('any').then(
            (entry) => entry === null,
            () => false,
          );
        await until(isHealed, 30_000);
        expect([warned.mock.calls.length, told.mock.calls.length]).toEqual([1, 1]);
      },
      60_000,
    );
  });
});
