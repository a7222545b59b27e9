import type { EntityManager } from 'typeorm';
import { StkTransactionError } from '../../attempts/stk-transaction.error.js';
import { LIMIT_MS, type Database } from '../database.js';
import { Deadline } from '../deadline.js';
import { Session } from '../session.js';

/**
 * Runs statements in a transaction of the application's, which it commits or rolls back itself.
 *
 * @throws StkTransactionError where there is none, or it is of another data source, or of SQLite
 */
export function inCallersTransaction<T>(
  { dataSource, dialect }: Database,
  manager: EntityManager,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const refuse = (message: string) => Promise.reject(new StkTransactionError(message));
  if (dialect.sharesConnection) {
    return refuse(
      'SQLite has one connection for all transactions, so an attempt cannot be part of yours: call push(), or prepare() without manager.',
    );
  }
  const { queryRunner } = manager;
  // TypeORM 0.3 knows no other name for it.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (manager.connection !== dataSource) {
    return refuse(
      'The manager is of another data source than the one that attempts are kept in: pass one of that ' +
        'data source, or name this one in typeOrmPersistence({ dataSource }).',
    );
  }
  if (!queryRunner?.isTransactionActive) {
    return refuse(
      'The manager has no open transaction: pass the one that dataSource.transaction() hands you.',
    );
  }
  // The connection is the caller's: late or not, it is not ours to break.
  const working = work(new Session(queryRunner, dialect));
  return new Deadline(LIMIT_MS).race(working, () => undefined);
}
