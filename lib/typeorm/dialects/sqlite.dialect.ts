import type { QueryRunner } from 'typeorm';
import type { DatabaseProblem, DriverError } from '../database.error.js';
import type { ColumnKind, PhysicalColumn } from '../schema/table-spec.js';
import { raw, sql } from '../sql.js';
import type { Dialect } from './dialect.js';

const COLUMNS: Record<ColumnKind, PhysicalColumn> = {
  id: { type: 'varchar' },
  text: { type: 'text' },
  integer: { type: 'integer' },
  bigint: { type: 'integer' },
  seq: { type: 'integer' },
  boolean: { type: 'boolean' },
  // It has no type for a time: ms since 1970.
  instant: { type: 'bigint' },
};

const NOW = raw(`CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)`);

/** SQLite by sql.js, better-sqlite3 or sqlite3: for development. TypeORM has one connection to it. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  sharesConnection: true,
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  placeholder: () => '?',
  // better-sqlite3 binds no booleans.
  parameter: (value) => (typeof value === 'boolean' ? Number(value) : value),

  now: NOW,
  nowMs: NOW,
  later: (ms) => sql`${NOW} + ${ms}`,
  instant: (ms) => sql`${ms}`,
  toMs: (instant) => instant,

  forUpdate: raw(''),
  forUpdateSkipLocked: raw(''),
  freshRead: raw(''),
  ignoreConflicts: () => raw('ON CONFLICT DO NOTHING'),
  ignoreConflict: raw('ON CONFLICT DO NOTHING'),

  returnsChanges: false,
  runNamed: null,

  // By TypeORM, which counts the transactions of the one connection, and saves sql.js's file.
  begin: (runner: QueryRunner) => runner.startTransaction(),
  commit: (runner: QueryRunner) => runner.commitTransaction(),
  rollback: (runner: QueryRunner) => runner.rollbackTransaction(),
  destroy: () => undefined,
  problemOf,
  hasPartialIndexes: true,
  column: (kind) => COLUMNS[kind],
};

function problemOf({ code, message }: DriverError): DatabaseProblem {
  if (/UNIQUE constraint failed/.test(message)) return 'unique';
  if (/^SQLITE_(BUSY|LOCKED)/.test(code) || /database( table)? is locked/.test(message)) {
    return 'conflict';
  }
  return /no such (table|column)/.test(message) ? 'missing' : 'other';
}
