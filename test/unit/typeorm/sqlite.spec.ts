import { DataSource } from 'typeorm';
import { StkTransactionError } from '../../../lib/attempts/stk-transaction.error.js';
import { mpesaEntities, mpesaMigrations } from '../../../lib/typeorm.js';
import { TypeOrmAttemptStore } from '../../../lib/typeorm/typeorm-attempt.store.js';
import { aNewAttempt } from '../../support/attempts.js';

describe('TypeOrmAttemptStore on the one connection of SQLite', () => {
  let dataSource: DataSource;
  let store: TypeOrmAttemptStore;

  beforeEach(async () => {
    dataSource = await new DataSource({
      type: 'sqljs',
      entities: mpesaEntities({ type: 'sqljs' }),
      migrations: mpesaMigrations(),
      migrationsRun: true,
    }).initialize();
    store = new TypeOrmAttemptStore(dataSource);
  });
  afterEach(() => dataSource.destroy());

  it('waits for a transaction of the application, which would take our writes along', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    const opening = store.open(aNewAttempt());
    await runner.query('SELECT 1');
    await runner.rollbackTransaction();
    expect((await opening).outcome).toBe('opened');
    expect(await store.find('attempt-1')).toMatchObject({ status: 'created' });
  });

  it('fails where that transaction does not end in time, and goes on when it has', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await expect(store.open(aNewAttempt())).rejects.toThrow('did not answer in time');
    await runner.rollbackTransaction();
    expect((await store.open(aNewAttempt())).outcome).toBe('opened');
  });

  it('takes part in no transaction of the caller', async () => {
    const preparing = dataSource.transaction((manager) => store.open(aNewAttempt(), manager));
    await expect(preparing).rejects.toBeInstanceOf(StkTransactionError);
    expect(await store.find('attempt-1')).toBeNull();
  });

  it('keeps its writes apart, however many begin at once', async () => {
    const orders = Array.from({ length: 30 }, (_, index) => `order:${index}`);
    const opened = await Promise.all(
      orders.map((order, index) =>
        store.open(aNewAttempt({ id: `a-${index}`, order, orderSlot: order })),
      ),
    );
    expect(opened.filter(({ outcome }) => outcome === 'opened')).toHaveLength(30);
    expect(await store.list({ limit: 100 })).toHaveLength(30);
  });
});
