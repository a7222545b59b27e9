import { Logger } from '@nestjs/common';
import type { AttemptRecord } from '../../attempts/attempt-record.js';
import type { AttemptPage } from '../../attempts/attempt-store.js';
import type { Row, Session } from '../session.js';
import { join, sql, type Sql } from '../sql.js';
import { attemptColumns, readAttempt, UnreadableRowError } from './attempt-row.js';
import type { StoreContext } from './store-context.js';

/** Reads attempts. */
export class AttemptReader {
  private readonly logger = new Logger('MpesaStore');

  constructor(private readonly context: StoreContext) {}

  /** Of the attempt that the condition on `a` picks; null where there is none. */
  async one(session: Session, condition: Sql, lock?: Sql): Promise<AttemptRecord | null> {
    const row = await session.row(sql`${this.select(condition)} ${lock ?? sql``}`);
    return row && readAttempt(row, this.context.cipher);
  }

  find(condition: Sql): Promise<AttemptRecord | null> {
    return this.context.database.read((session) => this.one(session, condition));
  }

  findFirst(condition: Sql): Promise<AttemptRecord | null> {
    return this.find(sql`${condition} ORDER BY a.seq LIMIT 1`);
  }

  findByOrder(orderId: string): Promise<AttemptRecord[]> {
    return this.findAll(sql`a.order_id = ${orderId} ORDER BY a.seq`);
  }

  async findAll(condition: Sql): Promise<AttemptRecord[]> {
    const statement = this.select(condition);
    return this.readable(await this.context.database.read((session) => session.rows(statement)));
  }

  async list({ status, needsReview, since, after, limit }: AttemptPage): Promise<AttemptRecord[]> {
    const { dialect, tables, database } = this.context;
    const conditions: Sql[] = [];
    // As the index has it.
    if (needsReview) conditions.push(sql`a.needs_review = TRUE`);
    if (since) conditions.push(sql`a.created_at >= ${dialect.instant(since.getTime())}`);
    if (after !== undefined) {
      const last = (columns: Sql) =>
        sql`(SELECT ${columns} FROM ${tables.attempt} l WHERE l.id = ${after})`;
      // The first one is all that MySQL can search an index by.
      conditions.push(sql`a.created_at <= ${last(sql`l.created_at`)}`);
      conditions.push(sql`(a.created_at, a.seq) < ${last(sql`l.created_at, l.seq`)}`);
    }
    // A status at a time, each with its limit, so that an index has each in order.
    const picks = status ? status.map((each) => sql`a.status = ${each}`) : [null];
    if (picks.length === 0) return [];
    const parts = picks.map((pick) => {
      const all = join(pick ? [pick, ...conditions] : conditions, ' AND ');
      const where = pick || conditions.length > 0 ? all : sql`1 = 1`;
      const newest = sql`ORDER BY a.created_at DESC, a.seq DESC LIMIT ${limit}`;
      const columns = sql`a.created_at, a.seq`;
      return sql`SELECT * FROM (SELECT ${columns} FROM ${tables.attempt} a WHERE ${where} ${newest}) p`;
    });
    const page = sql`
      SELECT u.seq FROM (${join(parts, ' UNION ALL ')}) u
      ORDER BY u.created_at DESC, u.seq DESC LIMIT ${limit}`;
    const statement = sql`
      SELECT ${attemptColumns(dialect)} FROM (${page}) w JOIN ${tables.attempt} a ON a.seq = w.seq
      ORDER BY a.created_at DESC, a.seq DESC`;
    return this.readable(await database.read((session) => session.rows(statement)));
  }

  /** What can be read of it; what cannot is logged, row by row. */
  readable(rows: readonly Row[]): AttemptRecord[] {
    return rows.flatMap((row) => {
      try {
        return [readAttempt(row, this.context.cipher)];
      } catch (error) {
        if (!(error instanceof UnreadableRowError)) throw error;
        this.logger.error(error.message);
        return [];
      }
    });
  }

  private select(condition: Sql): Sql {
    const { dialect, tables } = this.context;
    return sql`SELECT ${attemptColumns(dialect)} FROM ${tables.attempt} a WHERE ${condition}`;
  }
}
