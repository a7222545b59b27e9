import type { QueryRunner } from 'typeorm';
import type { DatabaseProblem, DriverError } from '../database.error.js';
import type { ColumnKind, PhysicalColumn } from '../schema/table-spec.js';
import { raw, sql } from '../sql.js';
import type { Dialect } from './dialect.js';
import { isLostConnection } from './lost-connection.js';

const COLUMNS: Record<ColumnKind, PhysicalColumn> = {
  id: { type: 'varchar' },
  text: { type: 'text' },
  integer: { type: 'int' },
  bigint: { type: 'bigint' },
  seq: { type: 'bigint' },
  boolean: { type: 'tinyint' },
  instant: { type: 'datetime', precision: 3 },
};

const NOW = raw('UTC_TIMESTAMP(3)');
const EPOCH = raw(`TIMESTAMP '1970-01-01 00:00:00'`);

/** MySQL 8, and MariaDB 10.6 and later. Instants are `datetime(3)` that hold UTC. */
export const mysqlDialect: Dialect = {
  name: 'mysql',
  sharesConnection: false,
  quote: (identifier) => `\`${identifier.replaceAll('`', '``')}\``,
  placeholder: () => '?',
  parameter: (value) => value,

  now: NOW,
  nowMs: sql`TIMESTAMPDIFF(MICROSECOND, ${EPOCH}, ${NOW}) DIV 1000`,
  later: (ms) => sql`${NOW} + INTERVAL (${ms} * 1000) MICROSECOND`,
  instant: (ms) => sql`${EPOCH} + INTERVAL (${ms} * 1000) MICROSECOND`,
  toMs: (instant) => sql`TIMESTAMPDIFF(MICROSECOND, ${EPOCH}, ${instant}) DIV 1000`,

  forUpdate: raw('FOR UPDATE'),
  forUpdateSkipLocked: raw('FOR UPDATE SKIP LOCKED'),
  // The caller's transaction may be REPEATABLE READ, whose plain reads see its own beginning.
  freshRead: raw('LOCK IN SHARE MODE'),
  // Not INSERT IGNORE, which would also cut a text that is too long.
  ignoreConflicts: (column) => raw(`ON DUPLICATE KEY UPDATE ${column} = ${column}`),
  // Whether the count tells a new row from an old one depends on a flag of the connection.
  ignoreConflict: null,

  returnsChanges: false,
  runNamed: null,

  begin: async (runner: QueryRunner) => {
    // The default, REPEATABLE READ, locks gaps, and reads what has been overtaken.
    await runner.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
    await runner.query('START TRANSACTION');
  },
  commit: async (runner: QueryRunner) => {
    await runner.query('COMMIT');
  },
  rollback: async (runner: QueryRunner) => {
    await runner.query('ROLLBACK');
  },
  destroy: (connection) => {
    const { stream } = connection as { stream?: { destroy(): void } };
    (connection as { destroy(): void }).destroy();
    // destroy() says goodbye to the server; one that hangs would never hear it.
    stream?.destroy();
  },
  problemOf,
  hasPartialIndexes: false,
  column: (kind) => COLUMNS[kind],
};

function problemOf(error: DriverError): DatabaseProblem {
  switch (error.code) {
    case 'ER_DUP_ENTRY':
      return 'unique';
    case 'ER_LOCK_WAIT_TIMEOUT':
    case 'ER_LOCK_DEADLOCK':
    case 'ER_CHECKREAD':
      return 'conflict';
    case 'ER_NO_SUCH_TABLE':
    case 'ER_BAD_FIELD_ERROR':
      return 'missing';
    default:
      return isLostConnection(error) ? 'lost' : 'other';
  }
}
