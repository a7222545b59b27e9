import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { AccessTokenStore } from '../../lib/daraja/access-token-store.js';
import type { RateLimiter } from '../../lib/daraja/rate-limiter.js';
import { DatabaseAccessTokenStore } from '../../lib/typeorm/database-access-token.store.js';
import { DatabaseRateLimiter } from '../../lib/typeorm/database-rate-limiter.js';
import { DATABASES, MigratedDatabase } from './support/test-databases.js';

/** Longer than any of these tests takes, in ms. */
const LONG_MS = 600_000;

const times = <T>(count: number, work: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => work(index));

for (const database of DATABASES) {
  database.describe(`what instances share on ${database.name}`, () => {
    let migrated: MigratedDatabase;
    let dataSources: [DataSource, DataSource];

    beforeAll(async () => {
      migrated = await MigratedDatabase.create(database);
      dataSources = [
        migrated.first,
        database.isEmbedded ? migrated.first : await migrated.connect(),
      ];
    });
    beforeEach(() => migrated.empty());
    afterAll(() => migrated.drop());

    describe('RateLimiter', () => {
      let limiters: RateLimiter[];
      beforeEach(() => {
        limiters = dataSources.map((dataSource) => new DatabaseRateLimiter(dataSource));
      });
      const takeAll = (key: string, intervalMs: number) =>
        Promise.all(times(20, (i) => limiters[i % 2]!.take(key, intervalMs)));

      it('gives one of many the first permit, and tells the others how long to wait', async () => {
        const waits = await takeAll('a', LONG_MS);
        expect(waits.filter((ms) => ms === 0)).toHaveLength(1);
        for (const ms of waits) expect(ms).toBeLessThanOrEqual(LONG_MS);
        expect((await takeAll('a', LONG_MS)).every((ms) => ms > LONG_MS / 2)).toBe(true);
        expect(await limiters[0]!.take('b', LONG_MS)).toBe(0);
      });

      it('gives one of many the next permit, when it is there', async () => {
        await limiters[0]!.block('a', 50);
        await wait(100);
        const waits = await takeAll('a', LONG_MS);
        expect(waits.filter((ms) => ms === 0)).toHaveLength(1);
      });

      it('blocks a key, known or not, and never shortens a longer time', async () => {
        await limiters[0]!.block('a', LONG_MS);
        await limiters[1]!.block('a', 1);
        expect(await limiters[1]!.take('a', 1)).toBeGreaterThan(LONG_MS / 2);
        await limiters[0]!.take('b', 1);
        await limiters[1]!.block('b', LONG_MS);
        expect(await limiters[0]!.take('b', 1)).toBeGreaterThan(LONG_MS / 2);
      });
    });

    describe('AccessTokenStore', () => {
      let stores: [AccessTokenStore, AccessTokenStore];
      beforeEach(() => {
        const [one, two] = dataSources.map((each) => new DatabaseAccessTokenStore(each));
        stores = [one!, two!];
      });

      it('gives every instance what one has set', async () => {
        const [one, two] = stores;
        expect(await two.get('a')).toBeNull();
        const entry = { token: 'sealed', expiresAt: Date.now() + 1 };
        await one.set('a', entry);
        expect(await two.get('a')).toEqual(entry);
        const next = { token: 'sealed again', expiresAt: entry.expiresAt + 1 };
        await two.set('a', next);
        expect(await one.get('a')).toEqual(next);
        await one.delete('a', 'sealed');
        expect(await one.get('a')).toEqual(next);
        await one.delete('a', 'sealed again');
        expect(await two.get('a')).toBeNull();
      });

      it('has one holder of a claim at a time', async () => {
        const claim = (i: number) => stores[i % 2]!.claim('a', `holder-${i}`, LONG_MS);
        const claims = await Promise.all(times(10, claim));
        expect(claims.filter(Boolean)).toHaveLength(1);
        const holder = `holder-${claims.indexOf(true)}`;
        await stores[1].release('a', 'somebody else');
        expect(await claim(11)).toBe(false);
        await stores[1].release('a', holder);
        expect(await claim(12)).toBe(true);
        expect(await stores[0].get('a')).toBeNull();
      });

      it('follows a holder who died', async () => {
        const [one, two] = stores;
        expect(await one.claim('a', 'dead', 100)).toBe(true);
        expect(await two.claim('a', 'alive', LONG_MS)).toBe(false);
        await wait(150);
        expect(await two.claim('a', 'alive', LONG_MS)).toBe(true);
        await one.release('a', 'dead');
        expect(await one.claim('a', 'third', 1)).toBe(false);
      });
    });
  });
}
