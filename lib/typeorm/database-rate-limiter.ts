import type { DataSource } from 'typeorm';
import { RateLimiter } from '../daraja/rate-limiter.js';
import { storeContext, type StoreContext } from './store/store-context.js';
import type { MpesaTableOptions } from './schema/table-names.js';
import type { Session } from './session.js';
import { sql } from './sql.js';

/** Permits for all instances: a row a key, by conditional updates and the database's clock. */
export class DatabaseRateLimiter extends RateLimiter {
  private readonly context: StoreContext;

  constructor(dataSource: DataSource, options: MpesaTableOptions = {}) {
    super();
    this.context = storeContext(dataSource, options);
  }

  take(key: string, intervalMs: number): Promise<number> {
    const { database, dialect, tables } = this.context;
    const next = dialect.later(intervalMs);
    return database.read(async (session) => {
      const taken = await session.change(sql`
        UPDATE ${tables.rate_limit} SET next_at = ${next}
        WHERE id = ${key} AND next_at <= ${dialect.now}`);
      if (taken === 1) return 0;
      const row = await session.row(sql`
        SELECT ${dialect.toMs(sql`r.next_at`)} - ${dialect.nowMs} AS wait_ms
        FROM ${tables.rate_limit} r WHERE r.id = ${key}`);
      // Whoever was faster with the first permit, or with the one that has just come due, has it.
      if (row) return Math.max(1, Number(row.wait_ms));
      return (await this.insert(session, key, intervalMs)) ? 0 : intervalMs;
    });
  }

  async block(key: string, ms: number): Promise<void> {
    const { database, dialect, tables } = this.context;
    const until = dialect.later(ms);
    const postpone = sql`
      UPDATE ${tables.rate_limit} SET next_at = ${until} WHERE id = ${key} AND next_at < ${until}`;
    await database.read(async (session) => {
      const postponed = await session.change(postpone);
      if (postponed === 1 || (await this.insert(session, key, ms))) return;
      // The row is there: of a longer block, or made by another one meanwhile.
      await session.change(postpone);
    });
  }

  private insert(session: Session, key: string, ms: number): Promise<boolean> {
    const { dialect, tables } = this.context;
    return session.insertNew(sql`
      INSERT INTO ${tables.rate_limit} (id, next_at) VALUES (${key}, ${dialect.later(ms)})`);
  }
}
