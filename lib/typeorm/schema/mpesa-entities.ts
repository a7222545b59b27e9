import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { dialectOf, type MpesaDatabaseType } from '../dialects/dialect-of.js';
import type { Dialect } from '../dialects/dialect.js';
import { tableNameOf, type MpesaTableOptions } from './table-names.js';
import { TABLES } from './tables.js';
import type { ColumnSpec, TableName } from './table-spec.js';

/**
 * Which database the entities are for, and where its tables are.
 * @publicApi
 */
export interface MpesaEntityOptions extends MpesaTableOptions {
  /** The `type` of the data source. */
  type: MpesaDatabaseType;
}

/**
 * The entities of all tables, for the `entities` of your data source. Columns go by their names in
 * the database. They describe the tables: read attempts by `StkService`, and write none yourself.
 * @publicApi
 */
export function mpesaEntities(
  options: MpesaEntityOptions,
): EntitySchema<Record<string, unknown>>[] {
  const dialect = dialectOf(options.type);
  return (Object.keys(TABLES) as TableName[]).map((name) => entityOf(name, dialect, options));
}

function entityOf(name: TableName, dialect: Dialect, options: MpesaTableOptions) {
  const { columns, indexes } = TABLES[name];
  const tableName = tableNameOf(name, options);
  const { schema } = options;
  return new EntitySchema<Record<string, unknown>>({
    name: tableName,
    tableName,
    ...(schema !== undefined && { schema }),
    columns: Object.fromEntries(
      Object.entries(columns).map(([column, spec]) => [column, columnOf(column, spec, dialect)]),
    ),
    indices: indexes.map((index) => ({
      name: `${tableName}_${index.name}`,
      columns: [...index.columns],
      unique: index.unique ?? false,
      ...(dialect.hasPartialIndexes && index.where !== undefined && { where: index.where }),
    })),
  });
}

function columnOf(name: string, spec: ColumnSpec, dialect: Dialect): EntitySchemaColumnOptions {
  const { kind, length, nullable = false, primary = false } = spec;
  return {
    ...dialect.column(kind),
    name,
    nullable,
    primary,
    ...(length !== undefined && { length }),
    ...(kind === 'seq' && { generated: 'increment' as const }),
  };
}

/**
 * The entities for PostgreSQL with the default names. For another database, or other names, call
 * `mpesaEntities()`.
 * @publicApi
 */
export const MPESA_ENTITIES = mpesaEntities({ type: 'postgres' });
