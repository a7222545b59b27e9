import type { Dialect } from './dialect.js';
import { mysqlDialect } from './mysql.dialect.js';
import { postgresDialect } from './postgres.dialect.js';
import { sqliteDialect } from './sqlite.dialect.js';

/**
 * TypeORM's names of the databases that attempts can be kept in.
 * @publicApi
 */
export type MpesaDatabaseType =
  'postgres' | 'mysql' | 'mariadb' | 'sqljs' | 'better-sqlite3' | 'sqlite';

const DIALECTS: Record<MpesaDatabaseType, Dialect> = {
  postgres: postgresDialect,
  mysql: mysqlDialect,
  mariadb: mysqlDialect,
  sqljs: sqliteDialect,
  'better-sqlite3': sqliteDialect,
  sqlite: sqliteDialect,
};

export const DATABASE_TYPES = Object.keys(DIALECTS);

export const isDatabaseType = (type: string): type is MpesaDatabaseType =>
  Object.hasOwn(DIALECTS, type);

export const dialectOf = (type: MpesaDatabaseType): Dialect => DIALECTS[type];
