import type { QueryRunner } from 'typeorm';
import { cleanText } from '../redaction/clean-text.js';
import { DatabaseError, driverErrorOf } from './database.error.js';
import type { Dialect, StatementResult } from './dialects/dialect.js';
import { join, raw, render, sql, type Sql } from './sql.js';
import type { StatementNames } from './statement-names.js';

/** A row as the driver hands it out, by the names of its columns. */
export type Row = Record<string, string | number | boolean | null | undefined>;

/** One of several changes. */
export interface NamedChange {
  /** What the others know it by. */
  name: string;
  statement: Sql;
  /** What it hands to the others, where the changes are one statement. */
  returning?: Sql;
  /** Fails with a conflict, and with it all of them, unless it changes one row. */
  isRequired?: boolean;
}

/** The connection itself, beside TypeORM's runner of it. */
export interface Prepared {
  connection: unknown;
  names: StatementNames;
}

/** Runs statements on one connection. Every failure is a `DatabaseError`. */
export class Session {
  /** How many statements have succeeded. */
  done = 0;

  constructor(
    private readonly runner: QueryRunner,
    private readonly dialect: Dialect,
    private readonly prepared?: Prepared,
  ) {}

  async rows(statement: Sql): Promise<Row[]> {
    const { records } = await this.run(statement);
    // A compiled driver's array is of the realm that loaded it, and so of another one under Jest.
    return [...(records as Row[])];
  }

  async row(statement: Sql): Promise<Row | null> {
    return (await this.rows(statement))[0] ?? null;
  }

  /** As `row`, of a statement that is sent again and again in few forms: prepared where that can be. */
  async oftenRow(statement: Sql): Promise<Row | null> {
    const { records } = await this.runOften(statement);
    return (records as Row[])[0] ?? null;
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
   * sees another one's rows, but what that one returns, by its name.
   */
  async changeAll(changes: readonly NamedChange[]): Promise<void> {
    if (!this.dialect.returnsChanges) {
      for (const { name, statement, isRequired } of changes) {
        const count = await this.change(statement);
        if (isRequired && count !== 1) throw new DatabaseError('conflict', `No ${name} to change`);
      }
      return;
    }
    const parts = changes.map(
      ({ name, statement, returning }) =>
        sql`${raw(name)} AS (${statement} RETURNING ${returning ?? raw('1')})`,
    );
    // The statement may be all there is of a transaction: only an error undoes the other changes.
    const required = changes
      .filter(({ isRequired }) => isRequired)
      .map(({ name }) => raw(`1 / (SELECT count(*) FROM ${name})`));
    await this.oftenRow(sql`WITH ${join(parts)} SELECT ${join(required)}`);
  }

  /** Runs what the dialect does to the connection, with errors as of a statement. */
  async control(step: (runner: QueryRunner) => Promise<void>): Promise<void> {
    await this.attempt(() => step(this.runner));
  }

  private run(statement: Sql): Promise<StatementResult> {
    const { text, parameters } = render(statement, this.dialect);
    return this.attempt(() => this.runner.query(text, parameters, true));
  }

  private async runOften(statement: Sql): Promise<StatementResult> {
    const { prepared } = this;
    const { runNamed } = this.dialect;
    const { text, parameters: values } = render(statement, this.dialect);
    const name = runNamed && prepared ? prepared.names.nameOf(text) : null;
    if (!runNamed || !prepared || name === null) {
      return this.attempt(() => this.runner.query(text, values, true));
    }
    try {
      return await this.attempt(() => runNamed(prepared.connection, { name, text, values }));
    } catch (error) {
      if (error instanceof DatabaseError && error.problem === 'unprepared')
        prepared.names.turnOff();
      throw error;
    }
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
  const reason = problem === 'lost' || problem === 'missing' ? cleanText(message) : '';
  const name = [code, reason].filter(Boolean).join(': ');
  return new DatabaseError(problem, `The database failed (${name || problem})`);
}
