import type { QueryRunner } from 'typeorm';
import { DatabaseError, driverErrorOf } from './database.error.js';
import type { Dialect } from './dialects/dialect.js';
import { join, raw, render, sql, type Sql } from './sql.js';

/** A row as the driver hands it out, by the names of its columns. */
export type Row = Record<string, string | number | boolean | null | undefined>;

/** One of several changes. */
export interface NamedChange {
  /** What the others know it by. */
  name: string;
  statement: Sql;
  /** What it hands to the others, where the changes are one statement. */
  returning?: Sql;
}

/** Runs statements on one connection. Every failure is a `DatabaseError`. */
export class Session {
  /** How many statements have succeeded. */
  done = 0;

  constructor(
    private readonly runner: QueryRunner,
    private readonly dialect: Dialect,
  ) {}

  async rows(statement: Sql): Promise<Row[]> {
    const { records } = await this.run(statement);
    return records as Row[];
  }

  async row(statement: Sql): Promise<Row | null> {
    return (await this.rows(statement))[0] ?? null;
  }

  /** How many rows the statement changed. */
  async change(statement: Sql): Promise<number> {
    return (await this.run(statement)).affected ?? 0;
  }

  /** Inserts one row, unless a unique index has the like already; whether it did. */
  async insertNew(statement: Sql): Promise<boolean> {
    const { ignoreConflict } = this.dialect;
    if (ignoreConflict) {
      return (await this.change(join([statement, ignoreConflict], ' '))) === 1;
    }
    try {
      return (await this.change(statement)) === 1;
    } catch (error) {
      if (error instanceof DatabaseError && error.problem === 'unique') return false;
      throw error;
    }
  }

  /**
   * Makes changes one after the other, or, where the database can, by one statement: then none of them
   * sees another one's rows, but what that one returns, by its name. How many rows each changed.
   */
  async changeAll(changes: readonly NamedChange[]): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    if (!this.dialect.combinesChanges) {
      for (const { name, statement } of changes) counts.set(name, await this.change(statement));
      return counts;
    }
    if (changes.length === 0) return counts;
    const parts = changes.map(
      ({ name, statement, returning }) =>
        sql`${raw(name)} AS (${statement} RETURNING ${returning ?? raw('1')})`,
    );
    const counted = changes.map(({ name }) => raw(`(SELECT count(*) FROM ${name}) AS ${name}`));
    const row = await this.row(sql`WITH ${join(parts)} SELECT ${join(counted)}`);
    for (const { name } of changes) counts.set(name, Number(row?.[name]));
    return counts;
  }

  /** Runs what the dialect does to the connection, with errors as of a statement. */
  async control(step: (runner: QueryRunner) => Promise<void>): Promise<void> {
    await this.attempt(() => step(this.runner));
  }

  private run(statement: Sql) {
    const { text, parameters } = render(statement, this.dialect);
    return this.attempt(() => this.runner.query(text, parameters, true));
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.done += 1;
      return result;
    } catch (error) {
      throw toDatabaseError(error, this.dialect);
    }
  }
}

/** What a driver threw, without what it knows of the statement. */
export function toDatabaseError(error: unknown, dialect: Dialect): DatabaseError {
  const { code, message } = driverErrorOf(error);
  const problem = dialect.problemOf({ code, message });
  // The message of a refused statement may quote the values; that of a lost connection does not.
  const reason = problem === 'lost' || problem === 'missing' ? message : '';
  const name = [code, reason].filter(Boolean).join(': ');
  return new DatabaseError(problem, `The database failed (${name || problem})`);
}
