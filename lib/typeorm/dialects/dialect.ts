import type { QueryRunner } from 'typeorm';
import type { DatabaseProblem, DriverError } from '../database.error.js';
import type { ColumnKind, PhysicalColumn } from '../schema/table-spec.js';
import type { Sql, SqlParameter } from '../sql.js';

/** A statement, and the name by which a connection keeps it. */
export interface NamedStatement {
  name: string;
  text: string;
  values: SqlParameter[];
}

/** What a statement gave, or how many rows it changed. */
export interface StatementResult {
  records: unknown[];
  affected?: number | undefined;
}

/**
 * What differs between databases. Instants go in and out as ms since 1970 by SQL, so that neither the
 * driver's nor the session's time zone has a say.
 */
export interface Dialect {
  readonly name: 'postgres' | 'mysql' | 'sqlite';
  /** Whether all share one connection, so that transactions must take turns. */
  readonly sharesConnection: boolean;
  quote(identifier: string): string;
  placeholder(position: number): string;
  /** A value as each driver of the database takes it. */
  parameter(value: SqlParameter): SqlParameter;

  /** The database's clock, as an instant, and in ms; the same for a whole statement. */
  readonly now: Sql;
  readonly nowMs: Sql;
  /** The instant `ms` after `now`. */
  later(ms: number): Sql;
  /** An instant from ms since 1970, or NULL. */
  instant(ms: number | null): Sql;
  /** An instant as ms since 1970. */
  toMs(instant: Sql): Sql;

  /** Behind a SELECT of one table, in a transaction. */
  readonly forUpdate: Sql;
  /** As `forUpdate`; leaves out rows that others have locked, where the database can. */
  readonly forUpdateSkipLocked: Sql;
  /** Behind a SELECT that must see what was committed after the caller's transaction began. */
  readonly freshRead: Sql;
  /** Behind an INSERT: rows that are there already are passed over. The count of rows says nothing. */
  ignoreConflicts(column: string): Sql;
  /** As `ignoreConflicts`, and the count is right; null where the conflict has to be caught instead. */
  readonly ignoreConflict: Sql | null;

  /**
   * Whether a change gives back the rows that it made, also to another one of the same statement:
   * `WITH … AS (INSERT … RETURNING …)`.
   */
  readonly returnsChanges: boolean;

  /** Runs a statement that the connection keeps by a name; null where there is no such thing. */
  readonly runNamed:
    ((connection: unknown, statement: NamedStatement) => Promise<StatementResult>) | null;

  begin(runner: QueryRunner, limitMs: number): Promise<void>;
  commit(runner: QueryRunner): Promise<void>;
  rollback(runner: QueryRunner): Promise<void>;
  /** Breaks the connection off, with whatever runs on it. */
  destroy(connection: unknown): void;
  problemOf(error: DriverError): DatabaseProblem;

  /** Whether an index may be of some rows alone. */
  readonly hasPartialIndexes: boolean;
  /** How a kind of column is declared. */
  column(kind: ColumnKind): PhysicalColumn;
}
