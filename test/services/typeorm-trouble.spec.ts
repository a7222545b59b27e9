import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { TypeOrmAttemptStore } from '../../lib/typeorm/typeorm-attempt.store.js';
import { aNewAttempt } from '../support/attempts.js';
import { until } from '../support/until.js';
import { beginTransaction, MigratedDatabase, SERVERS } from './support/test-databases.js';
import { TcpProxy } from './support/tcp-proxy.js';

const anotherAttempt = () => {
  const id = randomUUID();
  return aNewAttempt({ id, orderId: id, order: `order:${id}`, orderSlot: `order:${id}` });
};

/** The error of a promise, and after how many ms it came. */
async function failure(promise: Promise<unknown>): Promise<{ error: Error; ms: number }> {
  const started = performance.now();
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason as Error,
  );
  if (!error) throw new Error('It should have failed');
  return { error, ms: performance.now() - started };
}

/** Half a second more than the two that a callback has, for a machine that is busy. */
const IN_TIME_MS = 2_500;

for (const database of SERVERS) {
  database.describe(`TypeOrmAttemptStore in trouble on ${database.name}`, () => {
    let migrated: MigratedDatabase;
    let proxy: TcpProxy;

    beforeAll(async () => {
      migrated = await MigratedDatabase.create(database);
      proxy = await TcpProxy.inFrontOf(migrated.url);
    });
    beforeEach(() => migrated.empty());
    afterAll(async () => {
      proxy.resume();
      await migrated.drop();
      await proxy.close();
    });

    /** A data source of one connection, by the proxy. */
    async function connectByProxy(): Promise<{
      dataSource: DataSource;
      store: TypeOrmAttemptStore;
    }> {
      const url = new URL(migrated.url);
      url.port = String(proxy.port);
      url.hostname = '127.0.0.1';

      const dataSource = await migrated.connect({ url: url.href, poolSize: 1 });
      return { dataSource, store: new TypeOrmAttemptStore(dataSource) };
    }

    it('fails in time where the pool is exhausted, and goes on when it is not', async () => {
      const { dataSource, store } = await connectByProxy();
      const held = await beginTransaction(dataSource);
      const { error, ms } = await failure(store.open(anotherAttempt()));
      expect(error.message).toBe('The database did not answer in time');
      expect(ms).toBeLessThan(IN_TIME_MS);
      await held.rollbackTransaction();
      await held.release();
      expect((await store.open(anotherAttempt())).outcome).toBe('opened');
    });

    it('fails in time where the database hangs, and goes on when it does not', async () => {
      const { store } = await connectByProxy();
      const attempt = anotherAttempt();
      await store.open(attempt);
      proxy.hang();
      for (const call of [
        () => store.find(attempt.id),
        () => store.claimEvents({ handlers: ['a'], limit: 1, leaseMs: 1_000 }),
        () => store.claimDue({ limit: 1, leaseMs: 1_000 }),
        () => store.open(anotherAttempt()),
      ]) {
        expect((await failure(call())).ms).toBeLessThan(IN_TIME_MS);
      }
      proxy.resume();
      await until(() =>
        store.find(attempt.id).then(
          (found) => found !== null,
          () => false,
        ),
      );
      expect((await store.open(anotherAttempt())).outcome).toBe('opened');
    }, 30_000);

    it('does not notice that its idle connections were cut', async () => {
      const { store } = await connectByProxy();
      const attempt = anotherAttempt();
      await store.open(attempt);
      proxy.sever();
      expect(await store.find(attempt.id)).toMatchObject({ id: attempt.id });
      proxy.sever();
      const claim = { attemptId: attempt.id, sends: 0, tokenHash: 'h', sendWithinMs: 60_000 };
      expect((await store.claimSend({ ...claim, checkAfterMs: 1_000 })).outcome).toBe('claimed');
    });

    it('fails at once where the database is away, and goes on when it is back', async () => {
      const { store } = await connectByProxy();
      await store.open(anotherAttempt());
      const comeBack = await proxy.stop();
      expect((await failure(store.open(anotherAttempt()))).ms).toBeLessThan(IN_TIME_MS);
      await comeBack();
      expect((await store.open(anotherAttempt())).outcome).toBe('opened');
    });

    it('waits for a row no longer than it may', async () => {
      const store = new TypeOrmAttemptStore(migrated.first);
      const attempt = anotherAttempt();
      await store.open(attempt);
      const held = await beginTransaction(migrated.first);
      await held.query(`UPDATE mpesa_attempt SET amount = amount + 0 WHERE id = '${attempt.id}'`);
      const claim = { attemptId: attempt.id, sends: 0, tokenHash: 'h', sendWithinMs: 60_000 };
      const { ms } = await failure(store.claimSend({ ...claim, checkAfterMs: 1_000 }));
      expect(ms).toBeLessThan(IN_TIME_MS);
      await held.rollbackTransaction();
      await held.release();
      // The server may still do what nobody waits for any more: then it is the same claim.
      expect(await store.claimSend({ ...claim, checkAfterMs: 1_000 })).toMatchObject({
        outcome: 'claimed',
        attempt: { status: 'sending', sends: 1, tokenHash: 'h' },
      });
    });

    it('shows nothing of what it was to store in an error', async () => {
      const store = new TypeOrmAttemptStore(migrated.first);
      const tooLong = '254712345678'.repeat(20);
      const { error } = await failure(
        store.open({ ...anotherAttempt(), phoneNumber: tooLong, callbackUrl: 'https://secret' }),
      );
      const shown = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join();
      expect(shown).not.toMatch(/254712|secret/);
    });
  });
}
