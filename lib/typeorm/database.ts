import type { DataSource, QueryRunner } from 'typeorm';
import { DatabaseError } from './database.error.js';
import { Deadline } from './deadline.js';
import type { Dialect } from './dialects/dialect.js';
import { Session, toDatabaseError } from './session.js';
import { StatementNames } from './statement-names.js';
import { turnsOn } from './turns.js';

/** Somebody waits for every operation: a callback must be answered within 2 s. */
export const LIMIT_MS = 1_800;
/** How often a transaction is begun for one operation. */
const TRIES = 8;
/** The longest pause before a transaction is begun again; half of it at least. */
const PAUSE_MS = 20;

/** A connection that was got, and how to give it back. */
interface Lease {
  runner: QueryRunner;
  connection: unknown;
  release(): Promise<void>;
}

/**
 * Runs statements on connections of the application's data source, each within a time limit, whether
 * no connection can be had, or the database hangs.
 */
export class Database {
  private readonly names = new StatementNames();

  constructor(
    readonly dataSource: DataSource,
    readonly dialect: Dialect,
    private readonly limitMs = LIMIT_MS,
  ) {}

  /** Statements each of which stands by itself. */
  read<T>(work: (session: Session) => Promise<T>, limitMs = this.limitMs): Promise<T> {
    return this.repeat((deadline) => this.use(deadline, work), limitMs);
  }

  /**
   * Statements that succeed together or not at all. Where others were in the way (a deadlock, a row
   * that was overtaken, a unique index) the work is done again from its beginning, in a new
   * transaction, so it must have no effect beside its statements.
   */
  transaction<T>(work: (session: Session) => Promise<T>, limitMs = this.limitMs): Promise<T> {
    return this.repeat((deadline) => this.inTransaction(deadline, work), limitMs);
  }

  /**
   * As `transaction`, of work that is tried without one first: its last statement alone writes, and
   * fails where others were in the way.
   */
  atOnce<T>(
    first: (session: Session) => Promise<T>,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    let isFirst = true;
    return this.repeat((deadline) => {
      if (!isFirst) return this.inTransaction(deadline, work);
      isFirst = false;
      return this.use(deadline, first);
    }, this.limitMs);
  }

  private inTransaction<T>(deadline: Deadline, work: (session: Session) => Promise<T>): Promise<T> {
    return this.use(deadline, async (session, lease) => {
      await session.control((runner) => this.dialect.begin(runner, deadline.leftMs || 1));
      try {
        const result = await work(session);
        await session.control((runner) => this.dialect.commit(runner));
        return result;
      } catch (error) {
        await this.rollback(lease);
        throw error;
      }
    });
  }

  private async repeat<T>(once: (deadline: Deadline) => Promise<T>, limitMs: number): Promise<T> {
    const deadline = new Deadline(limitMs);
    for (let tries = 1; ; tries += 1) {
      try {
        return await once(deadline);
      } catch (error) {
        if (!isPassing(error) || tries === TRIES) throw error;
        const pauseMs = PAUSE_MS * (0.5 + Math.random() / 2) * tries;
        if (pauseMs > deadline.leftMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  /** Runs the work on a connection; one that is late, or breaks, is never given to anybody else. */
  private async use<T>(
    deadline: Deadline,
    work: (session: Session, lease: Lease) => Promise<T>,
  ): Promise<T> {
    const lease = await this.acquire(deadline);
    const { runner, connection } = lease;
    const session = new Session(runner, this.dialect, { connection, names: this.names });
    const working = work(session, lease)
      .catch((error: unknown) => {
        // The pool held a connection that had died meanwhile; another one may live.
        if (session.done === 0 && error instanceof DatabaseError && error.problem === 'lost') {
          throw new StaleConnectionError(error.message);
        }
        throw error;
      })
      .finally(() => lease.release());
    return deadline.race(working, () => {
      this.dialect.destroy(lease.connection);
    });
  }

  private async acquire(deadline: Deadline): Promise<Lease> {
    const acquiring = this.dialect.sharesConnection ? this.takeTurn(deadline) : this.connect();
    return deadline.race(acquiring, () => {
      // It may still come: unused, then.
      acquiring.then(
        (lease) => lease.release(),
        () => undefined,
      );
    });
  }

  private async connect(): Promise<Lease> {
    try {
      const runner = this.dataSource.createQueryRunner();
      const connection: unknown = await runner.connect();
      return { runner, connection, release: () => runner.release() };
    } catch (error) {
      throw toDatabaseError(error, this.dialect);
    }
  }

  /** On the one connection that all share: after each other, and not in a transaction of the app's. */
  private async takeTurn(deadline: Deadline): Promise<Lease> {
    const end = await turnsOn(this.dataSource).take();
    try {
      const lease = await this.connect();
      while (lease.runner.isTransactionActive && deadline.leftMs > 0) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      if (lease.runner.isTransactionActive) {
        // A busy process may come by here before the deadline's own timer does.
        await lease.release();
        throw new DatabaseError('timeout', 'The database did not answer in time');
      }
      return { ...lease, release: () => lease.release().finally(end) };
    } catch (error) {
      end();
      throw error;
    }
  }

  private async rollback({ runner, connection }: Lease): Promise<void> {
    try {
      await this.dialect.rollback(runner);
    } catch {
      // Nobody must inherit a transaction that may be open.
      this.dialect.destroy(connection);
    }
  }
}

/** The connection was dead before anything was done on it. */
class StaleConnectionError extends DatabaseError {
  constructor(message: string) {
    super('lost', message);
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof StaleConnectionError ||
  (error instanceof DatabaseError && ['unique', 'conflict', 'unprepared'].includes(error.problem));
