import type { DataSource } from 'typeorm';
import type { Dialect } from '../dialects/dialect.js';
import { raw, type Sql } from '../sql.js';
import { TABLES } from './tables.js';
import type { TableName } from './table-spec.js';

/**
 * Where the tables are.
 * @publicApi
 */
export interface MpesaTableOptions {
  /**
   * Schema of the tables; PostgreSQL alone has them.
   * @default the data source's own
   */
  schema?: string;
  /**
   * What the tables' names begin with.
   * @default 'mpesa_'
   */
  tablePrefix?: string;
}

export const DEFAULT_TABLE_PREFIX = 'mpesa_';

export const tableNameOf = (name: TableName, { tablePrefix }: MpesaTableOptions): string =>
  `${tablePrefix ?? DEFAULT_TABLE_PREFIX}${name}`;

/** Each table's full name as SQL, with what the data source's own options do to names. */
export function sqlTableNames(
  dataSource: Pick<DataSource, 'options'>,
  dialect: Dialect,
  options: MpesaTableOptions,
): Record<TableName, Sql> {
  const own = dataSource.options as { schema?: string; entityPrefix?: string };
  const schema = dialect.name === 'postgres' ? (options.schema ?? own.schema) : undefined;
  const sqlName = (name: TableName) => {
    const table = dialect.quote(`${own.entityPrefix ?? ''}${tableNameOf(name, options)}`);
    return raw(schema === undefined ? table : `${dialect.quote(schema)}.${table}`);
  };
  const names = Object.keys(TABLES) as TableName[];
  return Object.fromEntries(names.map((name) => [name, sqlName(name)])) as Record<TableName, Sql>;
}
