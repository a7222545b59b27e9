import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { TypeOrmAttemptStore } from '../../lib/typeorm/typeorm-attempt.store.js';
import { aCallback, aNewAttempt, decideWith } from '../support/attempts.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { MigratedDatabase, postgres } from './support/test-databases.js';

const LIMIT_MS = 30_000;
const decide = decideWith();

postgres.describe('prepared statements on PostgreSQL', () => {
  let migrated: MigratedDatabase;
  let connection: DataSource;
  let store: TypeOrmAttemptStore;
  let receipts = 0;

  beforeAll(async () => {
    migrated = await MigratedDatabase.create(postgres);
  });
  beforeEach(async () => {
    connection = await migrated.connect({ poolSize: 1 });
    store = new TypeOrmAttemptStore(connection, {}, LIMIT_MS);
  });
  afterAll(() => migrated.drop());

  async function payOne(): Promise<string | undefined> {
    const id = randomUUID();
    const order = `order:${id}`;
    const ids = { merchantRequestId: id, checkoutRequestId: id };
    await store.open(aNewAttempt({ id, orderId: id, order, orderSlot: order }));
    const claim = { attemptId: id, sends: 0, sendWithinMs: LIMIT_MS, checkAfterMs: LIMIT_MS };
    await store.claimSend({ ...claim, tokenHash: id });
    await store.settle({ attemptId: id }, { kind: 'push-accepted', ...ids }, decide);
    receipts += 1;
    const paid = aCallback('0', { amount: 100, receipt: `UKO${receipts}` }, ids);
    const settled = await store.settle({ tokenHash: id }, paid, decide);
    return settled?.attempt.status;
  }

  const names = (): Promise<{ name: string }[]> =>
    connection.query(`SELECT name FROM pg_prepared_statements WHERE name LIKE 'mpesa%'`);

  it('are as many after twenty payments as after one', async () => {
    await payOne();
    const few = await names();
    expect(few.length).toBeGreaterThan(1);
    for (let n = 0; n < 20; n += 1) await payOne();
    expect(await names()).toHaveLength(few.length);
  });

  it('are given up, with a word, where the connection does not keep them', async () => {
    const logger = new RecordingLogger();
    Logger.overrideLogger(logger);
    try {
      await payOne();
      // As a pooler does that hands out another connection.
      await connection.query('DEALLOCATE ALL');
      expect(await payOne()).toBe('completed');
      await connection.query('DEALLOCATE ALL');
      expect(await payOne()).toBe('completed');
    } finally {
      Logger.overrideLogger(true);
    }
    expect(logger.lines.filter((line) => line.includes('prepared'))).toHaveLength(1);
    expect(await names()).toEqual([]);
  });

  it('are given up where another one has their name', async () => {
    await payOne();
    const taken = await names();
    const other = await migrated.connect({ poolSize: 1 });
    for (const { name } of taken) await other.query(`PREPARE ${name} AS SELECT 1`);
    connection = other;
    store = new TypeOrmAttemptStore(other, {}, LIMIT_MS);
    expect(await payOne()).toBe('completed');
  });
});
