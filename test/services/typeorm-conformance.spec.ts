import { setTimeout as wait } from 'node:timers/promises';
import { storeConformance } from '../../lib/testing/store-conformance/store-conformance.js';
import { TypeOrmAttemptStore } from '../../lib/typeorm/typeorm-attempt.store.js';
import { DATABASES, MigratedDatabase } from './support/test-databases.js';

/** What the store does is checked here, not how fast this machine is, in ms. */
const LIMIT_MS = 30_000;

for (const database of DATABASES) {
  database.describe(`TypeOrmAttemptStore on ${database.name}`, () => {
    let migrated: MigratedDatabase;
    let store: TypeOrmAttemptStore;
    let otherStore: TypeOrmAttemptStore;

    beforeAll(async () => {
      migrated = await MigratedDatabase.create(database);
      store = new TypeOrmAttemptStore(migrated.first, {}, LIMIT_MS);
      const other = database.isEmbedded ? migrated.first : await migrated.connect();
      otherStore = new TypeOrmAttemptStore(other, {}, LIMIT_MS);
    });
    beforeEach(() => migrated.empty());
    afterAll(() => migrated.drop());

    it.each(storeConformance.map((check) => ({ name: check.name, check })))(
      '$name',
      ({ check }) => check.run({ store, otherStore, advance: (ms) => wait(ms) }),
      60_000,
    );
  });
}
