import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { TestingModule } from '@nestjs/testing';
import { MpesaModule, StkService } from '../../lib/index.js';
import { DarajaEmulator, EMULATOR_ACCOUNT } from '../../lib/testing.js';
import { mpesaEntities, mpesaMigrations, typeOrmPersistence } from '../../lib/typeorm.js';
import { aPush } from '../support/testing-app.js';
import { until } from '../support/until.js';
import { DATABASES, type TestDatabase } from './support/test-databases.js';

const INTERVAL_MS = 300;
const ROUNDING_MS = 2;
const PUSHES = 6;

for (const database of DATABASES) {
  database.describe(`the reconciler on ${database.name}`, () => {
    let emulator: DarajaEmulator;
    let created: Awaited<ReturnType<TestDatabase['create']>>;
    const apps: TestingModule[] = [];

    const start = async (): Promise<StkService> => {
      const app = await Test.createTestingModule({
        imports: [
          TypeOrmModule.forRoot({
            ...created.options,
            entities: mpesaEntities({ type: database.type }),
            migrations: mpesaMigrations(),
            migrationsRun: apps.length === 0,
            retryAttempts: 0,
          }),
          MpesaModule.forRoot({
            environment: 'sandbox',
            ...EMULATOR_ACCOUNT,
            baseUrl: emulator.baseUrl,
            callbackUrl: 'https://shop.example/stk/callback',
            reconciliation: { firstAfterMs: 100, minIntervalMs: INTERVAL_MS },
            persistence: typeOrmPersistence(),
            callbackController: false,
          }),
        ],
      }).compile();
      app.useLogger(false);
      await app.init();
      apps.push(app);
      return app.get(StkService, { strict: false });
    };

    beforeEach(async () => {
      emulator = new DarajaEmulator({
        defaultScenario: { customer: { resultCode: 0 }, callbacks: [] },
      });
      await emulator.listen();
      created = await database.create();
    });

    afterEach(async () => {
      for (const app of apps.splice(0)) await app.close();
      await created.drop();
      await emulator.close();
    });

    it('of every instance finds lost callbacks, within one budget for all', async () => {
      // An embedded database has one application.
      const instances = [await start(), ...(database.isEmbedded ? [] : [await start()])];
      const attempts = [];
      for (let i = 0; i < PUSHES; i += 1) {
        const stk = instances[i % instances.length]!;
        attempts.push(await stk.push(aPush({ phoneNumber: `07220000${i + 10}` })));
      }
      for (const { id } of attempts) {
        await until(async () => (await instances[0]!.find(id))?.status === 'completed', 60_000);
      }
      const times = emulator.received.filter(({ path }) => path.endsWith('/query'));
      expect(times).toHaveLength(PUSHES);
      const distances = times.slice(1).map(({ at }, i) => at - times[i]!.at);
      expect(Math.min(...distances)).toBeGreaterThanOrEqual(INTERVAL_MS - ROUNDING_MS);
    }, 120_000);
  });
}
