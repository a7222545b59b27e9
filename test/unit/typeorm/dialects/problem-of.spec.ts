import { mysqlDialect } from '../../../../lib/typeorm/dialects/mysql.dialect.js';
import { postgresDialect } from '../../../../lib/typeorm/dialects/postgres.dialect.js';
import { sqliteDialect } from '../../../../lib/typeorm/dialects/sqlite.dialect.js';

const CASES = [
  [postgresDialect, '23505', 'duplicate key value', 'unique'],
  [postgresDialect, '40001', 'could not serialize access', 'conflict'],
  [postgresDialect, '40P01', 'deadlock detected', 'conflict'],
  [postgresDialect, '42P01', 'relation "mpesa_attempt" does not exist', 'missing'],
  [postgresDialect, '57014', 'canceling statement due to statement timeout', 'timeout'],
  [postgresDialect, '57P01', 'terminating connection', 'lost'],
  [postgresDialect, '', 'Connection terminated unexpectedly', 'lost'],
  [postgresDialect, 'ECONNREFUSED', 'connect ECONNREFUSED', 'lost'],
  [postgresDialect, '23502', 'null value in column', 'other'],
  [mysqlDialect, 'ER_DUP_ENTRY', 'Duplicate entry', 'unique'],
  [mysqlDialect, 'ER_LOCK_DEADLOCK', 'Deadlock found', 'conflict'],
  [mysqlDialect, 'ER_LOCK_WAIT_TIMEOUT', 'Lock wait timeout exceeded', 'conflict'],
  [mysqlDialect, 'ER_NO_SUCH_TABLE', `Table 'x' doesn't exist`, 'missing'],
  [mysqlDialect, 'PROTOCOL_CONNECTION_LOST', 'Connection lost', 'lost'],
  [mysqlDialect, 'ER_CLIENT_INTERACTION_TIMEOUT', 'The client was disconnected', 'lost'],
  [mysqlDialect, 'EPIPE', 'write EPIPE', 'lost'],
  [mysqlDialect, 'ER_DATA_TOO_LONG', 'Data too long', 'other'],
  [sqliteDialect, '', 'UNIQUE constraint failed: mpesa_attempt.id', 'unique'],
  [sqliteDialect, 'SQLITE_BUSY', 'database is locked', 'conflict'],
  [sqliteDialect, '', 'no such table: mpesa_attempt', 'missing'],
  [sqliteDialect, '', 'NOT NULL constraint failed', 'other'],
] as const;

describe('problemOf', () => {
  it.each(CASES.map(([dialect, code, message, problem]) => ({ dialect, code, message, problem })))(
    'of $dialect.name: $code $message is $problem',
    ({ dialect, code, message, problem }) => {
      expect(dialect.problemOf({ code, message })).toBe(problem);
    },
  );
});
