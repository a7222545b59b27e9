import type { Database } from '../database.js';
import type { Dialect } from '../dialects/dialect.js';
import type { TableName } from '../schema/table-spec.js';
import type { Sql } from '../sql.js';

/** What every part of the store works with. */
export interface StoreContext {
  database: Database;
  dialect: Dialect;
  /** Full names of the tables. */
  tables: Record<TableName, Sql>;
}
