import type { QueryRunner } from 'typeorm';
import type { DatabaseProblem, DriverError } from '../database.error.js';
import type { ColumnKind, PhysicalColumn } from '../schema/table-spec.js';
import { raw, sql } from '../sql.js';
import type { Dialect, NamedStatement } from './dialect.js';
import { isLostConnection } from './lost-connection.js';

const COLUMNS: Record<ColumnKind, PhysicalColumn> = {
  id: { type: 'varchar' },
  text: { type: 'text' },
  integer: { type: 'integer' },
  bigint: { type: 'bigint' },
  seq: { type: 'bigint' },
  boolean: { type: 'boolean' },
  instant: { type: 'timestamptz', precision: 3 },
};

// A stable function, unlike clock_timestamp(): an index can be searched with it.
const NOW = raw(`date_trunc('milliseconds', statement_timestamp())`);

/** What we need of a connection of `pg`. */
interface PgClient {
  query(statement: NamedStatement): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** PostgreSQL 13 and later. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  sharesConnection: false,
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  placeholder: (position) => `$${position}`,
  parameter: (value) => value,

  now: NOW,
  nowMs: sql`(extract(epoch from ${NOW}) * 1000)::bigint`,
  later: (ms) => sql`${NOW} + ${ms}::double precision * interval '1 millisecond'`,
  instant: (ms) => sql`to_timestamp(${ms}::double precision / 1000)`,
  toMs: (instant) => sql`(extract(epoch from ${instant}) * 1000)::bigint`,

  forUpdate: raw('FOR UPDATE'),
  forUpdateSkipLocked: raw('FOR UPDATE SKIP LOCKED'),
  freshRead: raw(''),
  ignoreConflicts: () => raw('ON CONFLICT DO NOTHING'),
  ignoreConflict: raw('ON CONFLICT DO NOTHING'),

  returnsChanges: true,

  runNamed: async (connection, statement) => {
    const { rows, rowCount } = await (connection as PgClient).query(statement);
    return { records: rows, affected: rowCount ?? 0 };
  },

  // One message: several statements without parameters. A pooler between us keeps them together.
  begin: async (runner: QueryRunner, limitMs: number) => {
    await runner.query(
      `START TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = ${limitMs}`,
    );
  },
  commit: async (runner: QueryRunner) => {
    await runner.query('COMMIT');
  },
  rollback: async (runner: QueryRunner) => {
    await runner.query('ROLLBACK');
  },
  destroy: (connection) => {
    // With a query under way it closes the socket at once.
    void (connection as { end(): Promise<void> }).end().catch(() => undefined);
  },
  problemOf,
  hasPartialIndexes: true,
  column: (kind) => COLUMNS[kind],
};

function problemOf(error: DriverError): DatabaseProblem {
  switch (error.code) {
    case '23505':
      return 'unique';
    case '40001':
    case '40P01':
      return 'conflict';
    // Division by zero: a change that had to be of one row was of none, see Session.changeAll().
    case '22012':
      return 'conflict';
    // Unknown, known already, of tables that have changed since.
    case '26000':
    case '42P05':
    case '0A000':
      return 'unprepared';
    case '42P01':
    case '42703':
    case '3F000':
      return 'missing';
    case '57014':
    case '55P03':
      return 'timeout';
    default:
      return /^(08|57P)/.test(error.code) || isLostConnection(error) ? 'lost' : 'other';
  }
}
