import { DataSource } from 'typeorm';
import { TypeOrmAttemptStore } from '../../lib/typeorm/typeorm-attempt.store.js';
import { mpesaEntities, mpesaMigrations } from '../../lib/typeorm.js';
import { aNewAttempt } from '../support/attempts.js';
import { DATABASES, SERVERS } from './support/test-databases.js';

const NAMES = [{}, { tablePrefix: 'shop_pay_' }];

for (const database of DATABASES) {
  database.describe(`the migrations on ${database.name}`, () => {
    it.each(NAMES)(
      'run up, down and up again, and make what the entities say (%j)',
      async (names) => {
        const { options, drop } = await database.create();
        const dataSource = await new DataSource({
          ...options,
          entities: mpesaEntities({ type: database.type, ...names }),
          migrations: mpesaMigrations(names),
        }).initialize();
        const pending = async () =>
          (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
        try {
          await dataSource.runMigrations();
          expect(await pending()).toEqual([]);
          await dataSource.undoLastMigration();
          expect((await pending()).length).toBeGreaterThan(5);
          await dataSource.runMigrations();
          expect(await pending()).toEqual([]);
        } finally {
          await dataSource.destroy();
          await drop();
        }
      },
    );
  });
}

SERVERS[0]!.describe('the tables in a schema of their own', () => {
  it('are made there, checked there, and written there', async () => {
    const { options, drop } = await SERVERS[0]!.create();
    const names = { schema: 'Pay ments', tablePrefix: 'p_' };
    const dataSource = await new DataSource({
      ...options,
      entities: mpesaEntities({ type: 'postgres', ...names }),
      migrations: mpesaMigrations(names),
    }).initialize();
    try {
      await dataSource.query('CREATE SCHEMA "Pay ments"');
      await dataSource.runMigrations();
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
      const store = new TypeOrmAttemptStore(dataSource, names);
      expect((await store.open(aNewAttempt())).outcome).toBe('opened');
      const [row] = await dataSource.query('SELECT count(*) AS n FROM "Pay ments".p_attempt');
      expect(Number(row.n)).toBe(1);
    } finally {
      await dataSource.destroy();
      await drop();
    }
  });
});
