import type { DataSource } from 'typeorm';
import { DatabaseClock } from '../database-clock.js';
import { Database } from '../database.js';
import { dialectOf, type MpesaDatabaseType } from '../dialects/dialect-of.js';
import { PersonalDataCipher } from '../../privacy/personal-data-cipher.js';
import type { Dialect } from '../dialects/dialect.js';
import { sqlTableNames, type MpesaTableOptions } from '../schema/table-names.js';
import type { TableName } from '../schema/table-spec.js';
import type { Sql } from '../sql.js';

/** What every part of the store works with. */
export interface StoreContext {
  database: Database;
  dialect: Dialect;
  /** Full names of the tables. */
  tables: Record<TableName, Sql>;
  /** How personal data is kept. */
  cipher: PersonalDataCipher;
  clock: DatabaseClock;
}

/** @param limitMs what an operation may take, in ms */
export function storeContext(
  dataSource: DataSource,
  options: MpesaTableOptions,
  limitMs?: number,
  cipher = new PersonalDataCipher(),
): StoreContext {
  const dialect = dialectOf(dataSource.options.type as MpesaDatabaseType);
  const tables = sqlTableNames(dataSource, dialect, options);
  const database = new Database(dataSource, dialect, limitMs);
  return { dialect, tables, cipher, database, clock: new DatabaseClock() };
}
