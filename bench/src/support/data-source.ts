import { mpesaEntities, mpesaMigrations } from 'nestjs-mpesa/typeorm';
import { DataSource, type DataSourceOptions, type Logger } from 'typeorm';
import { DATABASE_URL } from './database.js';

/** As many as `pg` has in a pool if nobody says otherwise; the hand-written one has as many. */
const POOL_SIZE = 10;

/** Is told every statement. */
export type OnQuery = (text: string, parameters?: unknown[]) => void;

/** What an application has in its `TypeOrmModule.forRoot()`. */
export const dataSourceOptions = (schema: string, onQuery?: OnQuery) =>
  ({
    type: 'postgres',
    url: DATABASE_URL,
    schema,
    poolSize: POOL_SIZE,
    entities: mpesaEntities({ type: 'postgres', schema }),
    migrations: mpesaMigrations({ schema }),
    ...(onQuery && { logging: true, logger: loggerOf(onQuery) }),
  }) satisfies DataSourceOptions;

/** Makes the package's tables, as its README says. */
export async function migrate(schema: string): Promise<void> {
  const dataSource = new DataSource(dataSourceOptions(schema));
  await dataSource.initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
}

const nothing = () => undefined;

const loggerOf = (logQuery: OnQuery): Logger => ({
  logQuery,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
});
