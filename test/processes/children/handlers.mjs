// Handlers that write into the application's tables what they did. Plain JavaScript has no decorators:
// what they would do is done by calls.
import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { die, reached } from './failpoints.mjs';

/** @param library the package's entries: `core`, `typeorm` and `events`, all classes of events */
export function handlersOf({ core, typeorm, events }) {
  /** Is told everything, and says so. */
  class Ledger {
    constructor(dataSource) {
      this.dataSource = dataSource;
    }

    async record(event) {
      const { takesMs = 0, kills, throws } = event.metadata ?? {};
      if (kills === event.type) await die();
      if (throws === event.type) throw new Error('as it was told to');
      await reached('handler.running');
      if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
      const { id, type, attemptId, orderId } = event;
      const row = { event_id: id, type, attempt_id: attemptId, order_id: orderId };
      await insert(this.dataSource, 'handled', { ...row, pid: process.pid });
      await reached('handler.done');
    }
  }

  /** Ships what was paid: one effect for one event, whatever happens. */
  class Shipping {
    constructor(dataSource) {
      this.dataSource = dataSource;
      this.once = typeorm.runOnce(dataSource, 'Shipping');
    }

    async ship(event) {
      await this.once(event, async (manager) => {
        await insert(manager, 'shipped', { event_id: event.id, order_id: event.orderId });
        if (event.metadata?.shipsLast) await this.othersAreDone(event);
        await reached('effect.written');
      });
    }

    /** What ends the process here must not take another handler's delivery along. */
    async othersAreDone({ id }) {
      const open = `
        SELECT 1 FROM mpesa_delivery d JOIN mpesa_event e ON e.seq = d.event_seq
        WHERE e.id = $1 AND d.handler <> 'shipping' AND d.due_at IS NOT NULL`;
      while ((await this.dataSource.query(open, [id])).length > 0) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  handler(Ledger, 'record', core.OnStkEvent(...events, { id: 'ledger' }));
  handler(Shipping, 'ship', core.OnStkEvent(core.StkCompleted, { id: 'shipping' }));
  return [Ledger, Shipping];
}

/** On any database: of tables that no entity describes. */
const insert = (target, table, row) =>
  target.createQueryBuilder().insert().into(table, Object.keys(row)).values(row).execute();

function handler(provider, method, decorate) {
  Injectable()(provider);
  Inject(getDataSourceToken())(provider, undefined, 0);
  Reflect.defineMetadata('design:paramtypes', [DataSource], provider);
  decorate(provider.prototype, method, Object.getOwnPropertyDescriptor(provider.prototype, method));
}
