import type { DataSource, EntityManager } from 'typeorm';
import type { StkEvent } from '../attempts/events/stk-event.js';
import { MpesaConfigError } from '../mpesa-config.error.js';
import { DATABASE_TYPES, dialectOf, isDatabaseType } from './dialects/dialect-of.js';
import { sqlTableNames, type MpesaTableOptions } from './schema/table-names.js';
import { Session } from './session.js';
import { sql } from './sql.js';
import { turnsOn } from './turns.js';

/**
 * Does work once for an event. Resolves with whether it did: false, and nothing is done, where it had
 * been done before.
 * @publicApi
 */
export type RunOnce = (
  event: Pick<StkEvent, 'id'>,
  work: (manager: EntityManager) => Promise<unknown>,
) => Promise<boolean>;

/**
 * Makes the function by which a consumer does its work once for each event, however often the event is
 * delivered: what the work writes with the manager that it is given, and the mark that it was done,
 * are one transaction of the data source.
 *
 * Only what is written with the manager is done once; an e-mail is not. On SQLite the work must not
 * call `StkService`, as each would wait for the other to leave the one connection.
 *
 * @example
 * ```ts
 * private readonly once = runOnce(this.dataSource, 'Checkout');
 *
 * @OnStkEvent(StkCompleted)
 * async paid(event: StkCompleted) {
 *   await this.once(event, (manager) => manager.update(Order, event.orderId, { paid: true }));
 * }
 * ```
 * @param dataSource one that has our tables
 * @param consumer who does the work, up to 200 characters, never to be renamed; two consumers of the
 * same event need two names
 * @throws MpesaConfigError the data source is of a database that has no tables of ours
 * @publicApi
 */
export function runOnce(
  dataSource: DataSource,
  consumer: string,
  options: MpesaTableOptions = {},
): RunOnce {
  const { type } = dataSource.options;
  if (!isDatabaseType(type)) {
    const message = `is of type ${type}: runOnce() keeps its marks in ${DATABASE_TYPES.join(', ')}`;
    throw new MpesaConfigError([{ path: 'dataSource', message }]);
  }
  const dialect = dialectOf(type);
  const { processed_event: table } = sqlTableNames(dataSource, dialect, options);
  return async (event, work) => {
    const end = dialect.sharesConnection ? await turnsOn(dataSource).take() : undefined;
    try {
      return await dataSource.transaction(async (manager) => {
        if (!manager.queryRunner) throw new Error('TypeORM gave a transaction without its runner');
        // A second one waits here for the first one's commit.
        const isFirst = await new Session(manager.queryRunner, dialect).insertNew(sql`
          INSERT INTO ${table} (consumer, event_id, processed_at)
          VALUES (${consumer}, ${event.id}, ${dialect.now})`);
        if (isFirst) await work(manager);
        return isFirst;
      });
    } finally {
      end?.();
    }
  };
}
