import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import type { AttemptRecord } from '../../lib/attempts/attempt-record.js';
import { StkTransactionError } from '../../lib/attempts/stk-transaction.error.js';
import { TypeOrmAttemptStore } from '../../lib/typeorm/typeorm-attempt.store.js';
import { aCallback, aNewAttempt, aPaidCallback, decideWith, IDS } from '../support/attempts.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { until } from '../support/until.js';
import {
  beginTransaction,
  DATABASES,
  MigratedDatabase,
  SERVERS,
} from './support/test-databases.js';

const decide = decideWith();
/** What the store does is checked here, not how fast this machine is, in ms. */
const LIMIT_MS = 30_000;
const LEASE_MS = 60_000;

function attemptOf(order: string, change: Partial<AttemptRecord> = {}) {
  const orderKey = `order:${order}`;
  return aNewAttempt({
    id: randomUUID(),
    orderId: order,
    order: orderKey,
    orderSlot: orderKey,
    ...change,
  });
}

async function pending(store: TypeOrmAttemptStore, order: string): Promise<AttemptRecord> {
  const { attempt } = await store.open(attemptOf(order));
  const { id: attemptId } = attempt;
  const claim = { attemptId, sends: 0, sendWithinMs: LEASE_MS, checkAfterMs: LEASE_MS };
  await store.claimSend({ ...claim, tokenHash: `hash-${attemptId}` });
  const settled = await store.settle({ attemptId }, { kind: 'push-accepted', ...IDS }, decide);
  return settled!.attempt;
}

const count = async (dataSource: DataSource, what: string): Promise<number> => {
  const [row] = await dataSource.query(`SELECT count(*) AS n FROM ${what}`);
  return Number(row.n);
};

for (const database of SERVERS) {
  database.describe(`two TypeOrmAttemptStores on ${database.name}`, () => {
    let migrated: MigratedDatabase;
    let stores: [TypeOrmAttemptStore, TypeOrmAttemptStore];

    beforeAll(async () => {
      migrated = await MigratedDatabase.create(database);
      const dataSources = [migrated.first, await migrated.connect()];
      stores = dataSources.map((each) => new TypeOrmAttemptStore(each, {}, LIMIT_MS)) as never;
    });
    beforeEach(() => migrated.empty());
    afterAll(() => migrated.drop());

    const either = (index: number) => stores[index % 2]!;

    it('open one attempt of 200 at once for an order', async () => {
      const openings = await Promise.all(
        Array.from({ length: 200 }, (_, index) => either(index).open(attemptOf('o'))),
      );
      expect(openings.filter(({ outcome }) => outcome === 'opened')).toHaveLength(1);
      expect(await count(migrated.first, 'mpesa_attempt')).toBe(1);
    }, 60_000);

    it('complete once, of 8 successes and 2 failures at once, 60 times', async () => {
      for (let round = 0; round < 60; round += 1) {
        const attempt = await pending(stores[0], `order-${round}`);
        const target = { attemptId: attempt.id };
        const callbacks = Array.from({ length: 10 }, (_, index) =>
          index < 8 ? aPaidCallback(`R${round}`) : aCallback('1032'),
        );
        await Promise.all(callbacks.map((each, i) => either(i).settle(target, each, decide)));
        expect(await either(round).find(attempt.id)).toMatchObject({ status: 'completed' });
      }
      expect(await count(migrated.first, 'mpesa_settlement')).toBe(60);
      const completions = `mpesa_event WHERE type IN ('stk.completed', 'stk.completed-late')`;
      expect(await count(migrated.first, completions)).toBe(60);
      expect(await count(migrated.first, 'mpesa_evidence WHERE digest IS NOT NULL')).toBe(600);
    }, 120_000);

    it('give a send to one of many, who is known again where the answer was lost', async () => {
      const { attempt } = await stores[0].open(attemptOf('o'));
      const claim = (token: number, sends = 0) => ({
        attemptId: attempt.id,
        sends,
        sendWithinMs: LEASE_MS,
        checkAfterMs: LEASE_MS,
        tokenHash: `hash-${token}`,
      });
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, index) => either(index).claimSend(claim(index))),
      );
      const won = claims.filter(({ outcome }) => outcome === 'claimed');
      expect(won).toHaveLength(1);
      const own = claims.indexOf(won[0]!);
      expect(await either(own + 1).claimSend(claim(own))).toMatchObject({
        outcome: 'claimed',
        attempt: { status: 'sending', sends: 1, tokenHash: `hash-${own}` },
      });
      expect(await stores[0].claimSend(claim(own + 1))).toMatchObject({ outcome: 'lost' });
      expect(await stores[0].claimSend(claim(99, 1))).toMatchObject({ outcome: 'claimed' });
      expect(await stores[0].claimSend(claim(own))).toMatchObject({ outcome: 'lost' });
    }, 30_000);

    it('begin again where two transactions bar each other', async () => {
      const attempt = await pending(stores[0], 'o');
      const other = await beginTransaction(migrated.first);
      await other.query(
        `INSERT INTO mpesa_settlement (order_key, attempt_id, settled_at)
         VALUES ('order:o', 'nobody', '2026-01-01 00:00:00')`,
      );
      // It locks the attempt, and waits for the settlement.
      const settling = stores[1].settle({ attemptId: attempt.id }, aPaidCallback('R1'), decide);
      await until(() => isLocked(migrated.first, attempt.id));
      // We hold the settlement, and wait for the attempt. Whoever is chosen gives way.
      await other
        .query(`UPDATE mpesa_attempt SET amount = amount + 0 WHERE id = '${attempt.id}'`)
        .catch(() => undefined);
      await other.rollbackTransaction();
      await other.release();
      expect((await settling)?.attempt.status).toBe('completed');
      expect(await count(migrated.first, 'mpesa_settlement')).toBe(1);
    }, 30_000);
  });

  database.describe(`prepare in a transaction of the caller's on ${database.name}`, () => {
    let migrated: MigratedDatabase;
    let store: TypeOrmAttemptStore;

    beforeAll(async () => {
      migrated = await MigratedDatabase.create(database);
      store = new TypeOrmAttemptStore(migrated.first);
    });
    beforeEach(() => migrated.empty());
    afterAll(() => migrated.drop());

    it('lasts with it', async () => {
      const attempt = attemptOf('o');
      await migrated.first.transaction(async (manager) => {
        expect((await store.open(attempt, manager)).outcome).toBe('opened');
        expect(await store.find(attempt.id)).toBeNull();
      });
      expect(await store.find(attempt.id)).toMatchObject({ status: 'created', orderId: 'o' });
    });

    it('goes with it', async () => {
      const attempt = attemptOf('o');
      const failing = migrated.first.transaction(async (manager) => {
        await store.open(attempt, manager);
        throw new Error('the order is not to be');
      });
      await expect(failing).rejects.toThrow('not to be');
      expect(await store.find(attempt.id)).toBeNull();
      expect((await store.open(attempt)).outcome).toBe('opened');
    });

    it('leaves the transaction usable where the order is busy', async () => {
      const first = attemptOf('o');
      await migrated.first.transaction(async (manager) => {
        // Begins the transaction's picture of the database, before there is an attempt.
        await manager.query('SELECT count(*) FROM mpesa_attempt');
        await store.open(first);
        const second = await store.open(attemptOf('o'), manager);
        expect(second).toMatchObject({ outcome: 'order-busy', attempt: { id: first.id } });
        expect((await store.open(attemptOf('p'), manager)).outcome).toBe('opened');
      });
      expect(await store.findByOrder('p')).toHaveLength(1);
    });

    it.each([
      ['has no transaction', (dataSource: DataSource) => dataSource.manager],
      [
        'is of another data source',
        async (_first: DataSource, other: DataSource) => (await beginTransaction(other)).manager,
      ],
    ])('is refused where the manager %s', async (_case, managerOf) => {
      const other = await migrated.connect();
      const manager: EntityManager = await managerOf(migrated.first, other);
      const refused = store.open(attemptOf('o'), manager);
      await expect(refused).rejects.toBeInstanceOf(StkTransactionError);
      await manager.queryRunner?.rollbackTransaction();
      await manager.queryRunner?.release();
      expect(await store.findByOrder('o')).toEqual([]);
    });
  });
}

for (const database of DATABASES) {
  database.describe(`what a TypeOrmAttemptStore cannot read on ${database.name}`, () => {
    let migrated: MigratedDatabase;
    let store: TypeOrmAttemptStore;
    let logger: RecordingLogger;

    beforeAll(async () => {
      migrated = await MigratedDatabase.create(database);
      store = new TypeOrmAttemptStore(migrated.first, {}, LIMIT_MS);
    });
    beforeEach(async () => {
      await migrated.empty();
      logger = new RecordingLogger();
      Logger.overrideLogger(logger);
    });
    afterEach(() => {
      Logger.overrideLogger(true);
    });
    afterAll(() => migrated.drop());

    it.each([
      ['a status of a newer version', `status = 'refunded'`, /status 'refunded'.*newer/],
      ['damaged JSON', `heard = '["callb'`, /its heard is damaged/],
    ])('is told: %s', async (_case, change, told) => {
      const { attempt: bad } = await store.open(attemptOf('bad', { status: 'created' }));
      const { attempt: good } = await store.open({ ...attemptOf('good'), checkAfterMs: -1 });
      const { attempt: due } = await store.open({ ...attemptOf('due'), checkAfterMs: -60_000 });
      await migrated.first.query(`UPDATE mpesa_attempt SET ${change} WHERE id = '${bad.id}'`);
      await migrated.first.query(
        `UPDATE mpesa_attempt SET next_check_at =
          (SELECT t.next_check_at FROM (SELECT next_check_at FROM mpesa_attempt WHERE id = '${due.id}') t)
         WHERE id = '${bad.id}'`,
      );
      await expect(store.find(bad.id)).rejects.toThrow(told);
      await expect(store.settle({ attemptId: bad.id }, aPaidCallback(), decide)).rejects.toThrow(
        told,
      );
      expect((await store.list({ limit: 10 })).map(({ id }) => id)).toEqual([due.id, good.id]);
      const claimed = await store.claimDue({ limit: 10, leaseMs: LEASE_MS });
      expect(claimed.map(({ id }) => id)).toEqual([due.id, good.id]);
      expect(logger.lines.filter((line) => told.test(line))).toHaveLength(2);
      // It was leased with the others, so that it does not bar the way for ever.
      expect(await store.claimDue({ limit: 10, leaseMs: LEASE_MS })).toEqual([]);
    });

    it.each([
      ['of a newer version', `type = 'stk.refunded'`, /stk\.refunded/],
      ['with a damaged payload', `payload = '{"id'`, /payload is damaged/],
    ])('parks an event %s', async (_case, change, told) => {
      await store.subscribe(new Map([['stk.prompted', ['A', 'B']]]));
      await pending(store, 'o');
      const other = await pending(store, 'p');
      await migrated.first.query(`UPDATE mpesa_event SET ${change} WHERE order_key = 'order:o'`);
      const claim = { handlers: ['A'], limit: 10, leaseMs: LEASE_MS };
      const deliveries = await store.claimEvents(claim);
      expect(deliveries.map(({ event }) => event.attemptId)).toEqual([other.id]);
      expect(logger.lines.filter((line) => told.test(line))).toHaveLength(1);
      const [parked] = await migrated.first.query(
        `SELECT handler, error FROM mpesa_delivery WHERE dead_at IS NOT NULL`,
      );
      expect(parked.handler).toBe('A');
      expect(parked.error).toMatch(told);
      expect(await store.deadEvents(10)).toEqual([]);
    });
  });
}

/** Whether another transaction holds the attempt's row. */
async function isLocked(dataSource: DataSource, id: string): Promise<boolean> {
  const rows: unknown[] = await dataSource.query(
    `SELECT id FROM mpesa_attempt WHERE id = '${id}' FOR UPDATE SKIP LOCKED`,
  );
  return rows.length === 0;
}
