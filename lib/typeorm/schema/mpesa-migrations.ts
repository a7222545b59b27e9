import { Table, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { DATABASE_TYPES, dialectOf, isDatabaseType } from '../dialects/dialect-of.js';
import type { Dialect } from '../dialects/dialect.js';
import { tableNameOf, type MpesaTableOptions } from './table-names.js';
import { TABLES } from './tables.js';
import type { ColumnSpec, TableName } from './table-spec.js';

type MigrationClass = new () => MigrationInterface;

/**
 * The migrations that make our tables, for the `migrations` of your data source, beside your own.
 * @publicApi
 */
export function mpesaMigrations(options: MpesaTableOptions = {}): MigrationClass[] {
  class MpesaTables1767225600000 implements MigrationInterface {
    // TypeORM orders migrations by the number at the end of their names.
    readonly name = 'MpesaTables1767225600000';

    async up(runner: QueryRunner): Promise<void> {
      const dialect = dialectFor(runner);
      const collation = dialect.name === 'mysql' ? await binaryCollation(runner) : undefined;
      for (const name of tableNames()) {
        await runner.createTable(tableOf(name, runner, dialect, options, collation));
      }
    }

    async down(runner: QueryRunner): Promise<void> {
      for (const name of tableNames().reverse()) {
        await runner.dropTable(pathOf(name, runner, options));
      }
    }
  }
  return [MpesaTables1767225600000];
}

const tableNames = () => Object.keys(TABLES) as TableName[];

// TypeORM 0.3 knows no other name for it.
// eslint-disable-next-line @typescript-eslint/no-deprecated
const optionsOf = (runner: QueryRunner) => runner.connection.options;

function dialectFor(runner: QueryRunner): Dialect {
  const { type } = optionsOf(runner);
  if (!isDatabaseType(type)) {
    throw new Error(
      `nestjs-mpesa has no tables for ${type}: take mpesaMigrations() out of this data source, attempts are kept in ${DATABASE_TYPES.join(', ')}`,
    );
  }
  return dialectOf(type);
}

/** Ids are told apart by case and by trailing spaces, which other collations pass over. */
async function binaryCollation(runner: QueryRunner): Promise<string> {
  const rows = (await runner.query('SELECT VERSION() AS version')) as { version: string }[];
  return rows[0]?.version.includes('MariaDB') ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
}

/** The table's name as the data source would have it for an entity. */
function pathOf(name: TableName, runner: QueryRunner, options: MpesaTableOptions): string {
  const own = optionsOf(runner) as { type: string; schema?: string; entityPrefix?: string };
  const schema = own.type === 'postgres' ? (options.schema ?? own.schema) : undefined;
  const table = `${own.entityPrefix ?? ''}${tableNameOf(name, options)}`;
  return schema === undefined ? table : `${schema}.${table}`;
}

function tableOf(
  name: TableName,
  runner: QueryRunner,
  dialect: Dialect,
  options: MpesaTableOptions,
  collation?: string,
): Table {
  const { columns, indexes } = TABLES[name];
  return new Table({
    name: pathOf(name, runner, options),
    columns: Object.entries(columns).map(([column, spec]) =>
      columnOf(column, spec, dialect, collation),
    ),
    indices: indexes.map((index) => ({
      name: `${tableNameOf(name, options)}_${index.name}`,
      columnNames: [...index.columns],
      isUnique: index.unique ?? false,
      ...(dialect.hasPartialIndexes && index.where !== undefined && { where: index.where }),
    })),
    ...(collation !== undefined && { engine: 'InnoDB' }),
  });
}

function columnOf(
  name: string,
  spec: ColumnSpec,
  dialect: Dialect,
  collation?: string,
): TableColumnOptions {
  const { kind, length, nullable = false, primary = false } = spec;
  const isText = kind === 'id' || kind === 'text';
  return {
    ...dialect.column(kind),
    name,
    isNullable: nullable,
    isPrimary: primary,
    ...(length !== undefined && { length: String(length) }),
    ...(kind === 'seq' && { isGenerated: true, generationStrategy: 'increment' as const }),
    ...(isText && collation !== undefined && { charset: 'utf8mb4', collation }),
  };
}

/**
 * The migrations with the default names of tables, in the data source's own schema.
 * @publicApi
 */
export const MPESA_MIGRATIONS: MigrationClass[] = mpesaMigrations();
