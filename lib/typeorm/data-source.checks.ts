import type { DataSource } from 'typeorm';
import { MpesaConfigError } from '../mpesa-config.error.js';
import type { MpesaEnvironment } from '../mpesa.options.js';
import { DATABASE_TYPES, dialectOf, isDatabaseType } from './dialects/dialect-of.js';
import type { TypeOrmPersistenceOptions } from './typeorm-persistence.js';

/** @throws MpesaConfigError where attempts cannot be kept by this data source */
export function checkDataSource(
  dataSource: DataSource | undefined,
  environment: MpesaEnvironment,
  { dataSource: name }: TypeOrmPersistenceOptions,
): DataSource {
  const refuse = (message: string) =>
    new MpesaConfigError([{ path: 'persistence.dataSource', message }]);
  if (!dataSource) {
    throw refuse(
      name === undefined
        ? 'there is no data source without a name: import TypeOrmModule.forRoot(), or give its name to typeOrmPersistence({ dataSource })'
        : `there is no data source named '${name}': give TypeOrmModule.forRoot() that name, or correct it here`,
    );
  }
  const { type } = dataSource.options;
  if (!isDatabaseType(type)) {
    throw refuse(`is of type ${type}: attempts are kept in ${DATABASE_TYPES.join(', ')}`);
  }
  if (environment === 'production' && dialectOf(type).sharesConnection) {
    throw refuse(
      `is ${type}, which is for development: TypeORM has one connection to it, where a transaction of yours that is rolled back takes our writes along. Use PostgreSQL, MySQL or MariaDB`,
    );
  }
  return dataSource;
}
