import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AttemptStore } from '../attempts/attempt-store.js';
import { AccessTokenStore } from '../daraja/access-token-store.js';
import { RateLimiter } from '../daraja/rate-limiter.js';
import { MPESA_OPTIONS } from '../mpesa.module-definition.js';
import type { MpesaPersistence } from '../mpesa-persistence.js';
import type { ResolvedMpesaOptions } from '../mpesa-resolved-options.js';
import { PersonalDataCipher } from '../privacy/personal-data-cipher.js';
import './stk-transaction.js';
import { checkDataSource } from './data-source.checks.js';
import { DatabaseAccessTokenStore } from './database-access-token.store.js';
import { DatabaseRateLimiter } from './database-rate-limiter.js';
import type { MpesaTableOptions } from './schema/table-names.js';
import { TypeOrmAttemptStore } from './typeorm-attempt.store.js';
import { TypeOrmBootChecks } from './typeorm-boot.checks.js';

/**
 * Which data source keeps attempts, and where its tables are.
 * @publicApi
 */
export interface TypeOrmPersistenceOptions extends MpesaTableOptions {
  /**
   * The `name` that the data source has in `TypeOrmModule.forRoot()`.
   * @default the one without a name
   */
  dataSource?: string;
}

/**
 * Keeps attempts, callbacks and events in your database, by a data source of `TypeOrmModule`:
 * PostgreSQL 13 or later, MySQL 8 or MariaDB 10.6 or later; SQLite for development. Give the data source
 * `mpesaEntities()` and `mpesaMigrations()`.
 *
 * All instances on one database share the access token, sealed, and the budget of queries; the options
 * `accessTokenStore` and `rateLimiter` go before that.
 *
 * The application fails to start with a `MpesaConfigError` where the data source, its tables or its
 * entities are not there.
 * @publicApi
 */
export function typeOrmPersistence(options: TypeOrmPersistenceOptions = {}): MpesaPersistence {
  const token = getDataSourceToken(options.dataSource) as string;
  const dataSource = { token, optional: true };
  return {
    name: 'typeorm',
    providers: [
      {
        provide: AttemptStore,
        useFactory: (found: DataSource | undefined, resolved: ResolvedMpesaOptions) => {
          const { environment, privacy } = resolved;
          const checked = checkDataSource(found, environment, options);
          const cipher = new PersonalDataCipher(privacy.keys);
          return new TypeOrmAttemptStore(checked, options, undefined, cipher);
        },
        inject: [dataSource, MPESA_OPTIONS],
      },
      {
        provide: AccessTokenStore,
        useFactory: (found: DataSource, { accessTokenStore }: ResolvedMpesaOptions) =>
          accessTokenStore ?? new DatabaseAccessTokenStore(found, options),
        inject: [dataSource, MPESA_OPTIONS, AttemptStore],
      },
      {
        provide: RateLimiter,
        useFactory: (found: DataSource, { rateLimiter }: ResolvedMpesaOptions) =>
          rateLimiter ?? new DatabaseRateLimiter(found, options),
        inject: [dataSource, MPESA_OPTIONS, AttemptStore],
      },
      {
        provide: TypeOrmBootChecks,
        // After the store, whose factory has seen to it that there is a data source.
        useFactory: (found: DataSource, { privacy }: ResolvedMpesaOptions) =>
          new TypeOrmBootChecks(found, options, new PersonalDataCipher(privacy.keys)),
        inject: [dataSource, MPESA_OPTIONS, AttemptStore],
      },
    ],
  };
}
