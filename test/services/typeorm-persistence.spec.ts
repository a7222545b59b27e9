import { Injectable, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { getDataSourceToken, InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import {
  AttemptStore,
  MpesaConfigError,
  MpesaModule,
  OnStkEvent,
  StkPrompted,
  StkService,
  type MpesaModuleOptions,
} from '../../lib/index.js';
import { DarajaEmulator, EMULATOR_ACCOUNT } from '../../lib/testing.js';
import {
  mpesaEntities,
  mpesaMigrations,
  runOnce,
  typeOrmPersistence,
  type RunOnce,
  type TypeOrmPersistenceOptions,
} from '../../lib/typeorm.js';
import { aNewAttempt } from '../support/attempts.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { aPush } from '../support/testing-app.js';
import { until } from '../support/until.js';
import { DATABASES } from './support/test-databases.js';

const OPTIONS: MpesaModuleOptions = {
  environment: 'sandbox',
  ...EMULATOR_ACCOUNT,
  callbackUrl: 'https://shop.example/stk/callback',
};

interface Given {
  options?: Partial<MpesaModuleOptions>;
  persistence?: TypeOrmPersistenceOptions;
  dataSources: (DataSourceOptions & { name?: string })[];
  providers?: Type[];
}

/** An application that has not started yet. */
const application = async ({ options, persistence, dataSources, providers = [] }: Given) => {
  const app = await Test.createTestingModule({
    imports: [
      // Before the data sources: the order of imports must not matter.
      MpesaModule.forRoot({
        ...OPTIONS,
        ...options,
        persistence: typeOrmPersistence(persistence),
        callbackController: false,
      }),
      ...dataSources.map((dataSource) =>
        TypeOrmModule.forRoot({ ...dataSource, retryAttempts: 0 }),
      ),
    ],
    providers,
  }).compile();
  const logger = new RecordingLogger();
  app.useLogger(logger);
  return { app, logger };
};

const started = async (given: Given) => {
  const { app, logger } = await application(given);
  await app.init();
  return { app, logger };
};

const SQLJS = {
  type: 'sqljs' as const,
  entities: mpesaEntities({ type: 'sqljs' }),
  migrations: mpesaMigrations(),
  migrationsRun: true,
};

async function problemsOf(given: Given): Promise<string> {
  const error: unknown = await started(given).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MpesaConfigError);
  return (error as MpesaConfigError).message;
}

describe('an application with typeOrmPersistence()', () => {
  it.each<[string, Given, RegExp]>([
    ['without a data source', { dataSources: [] }, /there is no data source without a name/],
    [
      'whose data source has another name',
      { dataSources: [SQLJS], persistence: { dataSource: 'payments' } },
      /no data source named 'payments'/,
    ],
    [
      'whose data source lacks an entity',
      { dataSources: [{ ...SQLJS, entities: SQLJS.entities.slice(1) }] },
      /does not know the entities of mpesa_attempt: add \.\.\.mpesaEntities\({ type: 'sqljs' }\)/,
    ],
    [
      'whose migrations have not run',
      { dataSources: [{ ...SQLJS, migrationsRun: false }] },
      /has no table mpesa_attempt.*run the migrations/,
    ],
    [
      'whose tables have another prefix',
      { dataSources: [SQLJS], persistence: { tablePrefix: 'pay_' } },
      /entities of pay_attempt/,
    ],
    [
      'that takes SQLite into production',
      {
        dataSources: [SQLJS],
        options: {
          environment: 'production',
          passKey: 'a-passkey-of-ones-own',
          callbackUrl: 'https://shop.example/stk/callback',
        },
      },
      /is sqljs, which is for development/,
    ],
  ])('does not start: %s', async (_case, given, told) => {
    expect(await problemsOf(given)).toMatch(told);
  });

  it('says what SQLite and synchronize may do', async () => {
    const { app, logger } = await started({ dataSources: [{ ...SQLJS, synchronize: true }] });
    const warnings = logger.lines.filter((line) => line.startsWith('warn'));
    expect(warnings.filter((line) => /one connection/.test(line))).toHaveLength(1);
    expect(warnings.filter((line) => /synchronize: true/.test(line))).toHaveLength(1);
    await app.close();
  });

  it('keeps its attempts in the data source that has the name', async () => {
    const { app } = await started({
      dataSources: [{ type: 'sqljs' }, { ...SQLJS, name: 'payments' }],
      persistence: { dataSource: 'payments' },
    });
    const { attempt } = await app.get(AttemptStore, { strict: false }).open(aNewAttempt());
    const payments = app.get<DataSource>(getDataSourceToken('payments'));
    const rows: { id: string }[] = await payments.query('SELECT id FROM mpesa_attempt');
    expect(rows).toEqual([{ id: attempt.id }]);
    await app.close();
  });
});

@Injectable()
class Shop {
  private readonly once: RunOnce;

  constructor(@InjectDataSource() dataSource: DataSource) {
    this.once = runOnce(dataSource, 'Shop');
  }

  @OnStkEvent(StkPrompted)
  async prompted(event: StkPrompted): Promise<void> {
    await this.once(event, (manager) =>
      manager.query(`INSERT INTO told (order_id) VALUES ('${event.orderId}')`),
    );
  }
}

for (const database of DATABASES) {
  database.describe(`an application on ${database.name}`, () => {
    let emulator: DarajaEmulator;
    let dataSource: DataSource;
    let drop: () => Promise<void>;
    let stk: StkService;
    let close: () => Promise<void>;

    beforeAll(async () => {
      emulator = new DarajaEmulator();
      await emulator.listen();
      const created = await database.create();
      drop = () => created.drop();
      const { app } = await started({
        options: { baseUrl: emulator.baseUrl },
        dataSources: [
          {
            ...created.options,
            entities: mpesaEntities({ type: database.type }),
            migrations: mpesaMigrations(),
            migrationsRun: true,
          },
        ],
        providers: [Shop],
      });
      dataSource = app.get(DataSource);
      await dataSource.query('CREATE TABLE told (order_id varchar(50))');
      stk = app.get(StkService, { strict: false });
      close = () => app.close();
    });
    afterAll(async () => {
      await close();
      await emulator.close();
      await drop();
    });

    it('pushes, and tells its handlers', async () => {
      const attempt = await stk.push(aPush({ orderId: 'order-1' }));
      expect(attempt.status).toBe('pending');
      expect(await stk.find(attempt.id)).toEqual(attempt);
      await until(async () => (await dataSource.query('SELECT * FROM told')).length === 1);
    });

    it('does the work of one event once, also at once, and again where it failed', async () => {
      const once = runOnce(dataSource, 'a consumer');
      const event = { id: 'attempt:stk.completed' };
      const work = (order: string) => (manager: { query(sql: string): Promise<unknown> }) =>
        manager.query(`INSERT INTO told (order_id) VALUES ('${order}')`);
      const failing = once(event, async (manager) => {
        await work('never')(manager);
        throw new Error('the work failed');
      });
      await expect(failing).rejects.toThrow('the work failed');
      const done = await Promise.all([1, 2, 3].map(() => once(event, work('once'))));
      expect(done.filter(Boolean)).toHaveLength(1);
      expect(await once(event, work('once'))).toBe(false);
      expect(await runOnce(dataSource, 'another')(event, work('twice'))).toBe(true);
      const told: { order_id: string }[] = await dataSource.query(
        `SELECT order_id FROM told WHERE order_id IN ('never', 'once', 'twice') ORDER BY order_id`,
      );
      expect(told.map((row) => row.order_id)).toEqual(['once', 'twice']);
    });
  });
}
