import { Logger } from '@nestjs/common';
import type { DeadDelivery } from '../../attempts/attempt-store.js';
import type { DeliveryOutcome, EventClaim, EventDelivery } from '../../attempts/event-delivery.js';
import { reviveStkEvent } from '../../attempts/events/stk-events.js';
import type { StkEvent } from '../../attempts/events/stk-event.js';
import type { Row, Session } from '../session.js';
import { join, sql, type Sql } from '../sql.js';
import { textOrNull } from './attempt-row.js';
import type { StoreContext } from './store-context.js';

/** More are looked at than claimed, as other processes look at the same ones. */
const LOOK_AHEAD = 4;
/** What is kept of what a handler failed with, in characters. */
const ERROR_LENGTH = 2_000;

/** Deliveries of events to handlers. One is open while it has a `due_at`. */
export class Deliveries {
  private readonly logger = new Logger('MpesaStore');

  constructor(private readonly context: StoreContext) {}

  async claim(claim: EventClaim): Promise<EventDelivery[]> {
    const { handlers, limit, leaseMs } = claim;
    if (handlers.length === 0) return [];
    const { database } = this.context;
    // Most looks find nothing, and need no transaction for it.
    const due = await database.read((session) =>
      session.rows(this.due(handlers, limit * LOOK_AHEAD)),
    );
    if (due.length === 0) return [];
    const claimed = await database.transaction((session) =>
      this.lease(session, due, limit, leaseMs),
    );
    const deliveries: EventDelivery[] = [];
    for (const row of claimed) {
      const event = readEvent(row);
      const handler = String(row.handler);
      const [tries, fence] = [Number(row.tries) + 1, Number(row.fence) + 1];
      if (typeof event === 'string') await this.park(row, fence, event);
      else {
        const traceparent = textOrNull(row.traceparent);
        deliveries.push({ event, handler, tries, traceparent, fence });
      }
    }
    return deliveries;
  }

  async acknowledge(
    { event, handler, fence }: EventDelivery,
    outcome: DeliveryOutcome,
  ): Promise<boolean> {
    const { dialect } = this.context;
    if ('retryAfterMs' in outcome) {
      return this.end(
        event.id,
        handler,
        fence,
        sql`due_at = ${dialect.later(outcome.retryAfterMs)}`,
      );
    }
    if ('dead' in outcome) return this.end(event.id, handler, fence, this.dead(outcome.dead));
    return this.end(event.id, handler, fence, sql`due_at = NULL`);
  }

  renew({ event, handler, fence }: EventDelivery, leaseMs: number): Promise<boolean> {
    const { dialect } = this.context;
    return this.end(event.id, handler, fence, sql`due_at = ${dialect.later(leaseMs)}`);
  }

  async deadEvents(limit: number): Promise<DeadDelivery[]> {
    const { database, tables } = this.context;
    const rows = await database.read((session) =>
      session.rows(sql`
        SELECT d.event_seq, d.handler, d.tries, d.error, e.id, e.type, e.payload
        FROM ${tables.delivery} d JOIN ${tables.event} e ON e.seq = d.event_seq
        WHERE d.dead_at IS NOT NULL ORDER BY d.event_seq, d.handler LIMIT ${limit}`),
    );
    return rows.flatMap((row) => {
      const event = readEvent(row);
      if (typeof event === 'string') {
        this.logger.error(event);
        return [];
      }
      const { handler, tries, error } = row;
      return [{ event, handler: String(handler), tries: Number(tries), error: String(error) }];
    });
  }

  async countDead(): Promise<number> {
    const { database, tables } = this.context;
    const row = await database.read((session) =>
      session.row(sql`SELECT count(*) AS dead FROM ${tables.delivery} WHERE dead_at IS NOT NULL`),
    );
    return Number(row?.dead);
  }

  async redrive(eventId: string, handler: string): Promise<boolean> {
    const { database, dialect, tables } = this.context;
    // The fence rises: whoever held it when it was parked has lost it.
    const written = await database.read((session) =>
      session.change(sql`
        UPDATE ${tables.delivery}
        SET dead_at = NULL, due_at = ${dialect.now}, tries = 0, fence = fence + 1, error = ''
        WHERE event_seq = (SELECT e.seq FROM ${tables.event} e WHERE e.id = ${eventId})
          AND handler = ${handler} AND dead_at IS NOT NULL`),
    );
    return written === 1;
  }

  /**
   * Deliveries that are due, longest due first, without those that an earlier one of the same order and
   * handler bars. A handler at a time, so that an index has each in order. COALESCE keeps the look for
   * an earlier one off the index of what is due: by statistics from before a backlog that would seem the
   * shortest way, and PostgreSQL would go through the backlog once for each row.
   */
  private due(handlers: readonly string[], limit: number): Sql {
    const { dialect, tables } = this.context;
    const parts = handlers.map(
      (handler) => sql`
        SELECT * FROM (SELECT d.event_seq, d.handler, d.due_at FROM ${tables.delivery} d
          WHERE d.handler = ${handler} AND d.due_at <= ${dialect.now}
            AND NOT EXISTS (SELECT 1 FROM ${tables.delivery} b
              WHERE b.order_key = d.order_key AND b.handler = d.handler
                AND b.event_seq < d.event_seq AND COALESCE(b.due_at, b.due_at) IS NOT NULL)
          ORDER BY d.due_at LIMIT ${limit}) p`,
    );
    return sql`
      SELECT u.event_seq, u.handler FROM (${join(parts, ' UNION ALL ')}) u
      ORDER BY u.due_at, u.event_seq LIMIT ${limit}`;
  }

  /** Counts the try, and makes the deliveries ours until the lease ends. */
  private async lease(
    session: Session,
    due: readonly Row[],
    limit: number,
    leaseMs: number,
  ): Promise<Row[]> {
    const { dialect, tables } = this.context;
    const locked = await session.rows(sql`
      SELECT d.event_seq, d.handler, d.tries, d.fence FROM ${tables.delivery} d
      WHERE (d.event_seq, d.handler) IN (${keysOf(due)}) AND d.due_at <= ${dialect.now}
      ORDER BY d.event_seq, d.handler LIMIT ${limit} ${dialect.forUpdateSkipLocked}`);
    if (locked.length === 0) return [];
    await session.change(sql`
      UPDATE ${tables.delivery}
      SET tries = tries + 1, fence = fence + 1, due_at = ${dialect.later(leaseMs)}
      WHERE (event_seq, handler) IN (${keysOf(locked)})`);
    const seqs = [...new Set(locked.map((row) => Number(row.event_seq)))];
    const events = await session.rows(sql`
      SELECT e.seq, e.id, e.type, e.payload, a.traceparent
      FROM ${tables.event} e LEFT JOIN ${tables.attempt} a ON a.id = e.attempt_id
      WHERE e.seq IN (${join(seqs.map((seq) => sql`${seq}`))})`);
    const bySeq = new Map(events.map((event) => [Number(event.seq), event]));
    return locked.map((row) => ({ ...row, ...bySeq.get(Number(row.event_seq)) }));
  }

  private async park(row: Row, fence: number, reason: string): Promise<void> {
    this.logger.error(
      `${reason} Its delivery to ${String(row.handler)} is parked, until StkAdminService.redrive().`,
    );
    const { database, tables } = this.context;
    await database.read((session) =>
      session.change(sql`
        UPDATE ${tables.delivery} SET ${this.dead(reason)}
        WHERE event_seq = ${Number(row.event_seq)} AND handler = ${String(row.handler)}
          AND fence = ${fence} AND due_at IS NOT NULL`),
    );
  }

  private dead(reason: string): Sql {
    const { dialect } = this.context;
    return sql`due_at = NULL, dead_at = ${dialect.now}, error = ${reason.slice(0, ERROR_LENGTH)}`;
  }

  /** Where the lease is still the one that was given. */
  private async end(
    eventId: string,
    handler: string,
    fence: number,
    change: Sql,
  ): Promise<boolean> {
    const { database, tables } = this.context;
    const written = await database.read((session) =>
      session.change(sql`
        UPDATE ${tables.delivery} SET ${change}
        WHERE event_seq = (SELECT e.seq FROM ${tables.event} e WHERE e.id = ${eventId})
          AND handler = ${handler} AND fence = ${fence} AND due_at IS NOT NULL`),
    );
    return written === 1;
  }
}

const keysOf = (rows: readonly Row[]): Sql =>
  join(rows.map((row) => sql`(${Number(row.event_seq)}, ${String(row.handler)})`));

/** The event, or why it cannot be read. */
function readEvent({ event_seq: seq, id, type, payload }: Row): StkEvent | string {
  try {
    return reviveStkEvent(String(type), JSON.parse(String(payload)) as Record<string, unknown>);
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'its payload is damaged' : String(error);
    return `Event ${String(id ?? seq)} cannot be read: ${reason}.`;
  }
}
