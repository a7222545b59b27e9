import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { distinctUntilChanged, exhaustMap, type Observable, timer } from 'rxjs';
import { EntityManager, IsNull } from 'typeorm';
import { Order, type OrderStatus } from './order.entity.js';
import { Task } from './task.entity.js';

const LOOK_EVERY_MS = 1_000;

/**
 * The shop's own records, in the database. What writes takes the `manager` of the transaction that it
 * is to be a part of.
 */
@Injectable()
export class OrderBook {
  constructor(@InjectEntityManager() private readonly manager: EntityManager) {}

  /** A new order, or the one that was placed with this key before. */
  async place(idempotencyKey: string, amount: number, manager = this.manager): Promise<Order> {
    // Two requests with one key, at the same moment: the database lets one of them in.
    await manager
      .createQueryBuilder()
      .insert()
      .into(Order)
      .values({ id: randomUUID(), idempotencyKey, amount })
      .orIgnore()
      .updateEntity(false)
      .execute();
    const order = await manager.findOneByOrFail(Order, { idempotencyKey });
    if (order.amount !== amount) {
      throw new ConflictException('This order was placed with another amount.');
    }
    return order;
  }

  async get(id: string | null, manager = this.manager): Promise<Order> {
    const order = await manager.findOneBy(Order, { id: id ?? '' });
    if (!order) throw new NotFoundException('There is no such order.');
    return order;
  }

  /** The order as it is, then as often as it changes, in whichever process that happens. */
  watch(id: string): Observable<Order> {
    return timer(0, LOOK_EVERY_MS).pipe(
      exhaustMap(() => this.get(id)),
      distinctUntilChanged<Order>(isDeepStrictEqual),
    );
  }

  /** An order that is paid stays as it is. */
  async close(
    id: string | null,
    status: Exclude<OrderStatus, 'open'>,
    receipt: string | null,
    manager: EntityManager,
  ): Promise<void> {
    await manager.update(Order, { id: id ?? '', status: 'open' }, { status });
    if (receipt) await this.addReceipt(id, receipt, manager);
  }

  /** A receipt that is there already stays. */
  async addReceipt(id: string | null, receipt: string, manager = this.manager): Promise<void> {
    await manager.update(Order, { id: id ?? '', receipt: IsNull() }, { receipt });
  }

  /** Adds work for a person. */
  async addTask(orderId: string | null, text: string, manager: EntityManager): Promise<void> {
    const { reference } = await this.get(orderId, manager);
    await manager.insert(Task, { reference, text });
  }

  /** The orders that were placed last, newest first. */
  latest(limit: number): Promise<Order[]> {
    return this.manager.find(Order, { order: { number: 'DESC' }, take: limit });
  }

  tasks(limit: number): Promise<Task[]> {
    return this.manager.find(Task, { order: { number: 'ASC' }, take: limit });
  }
}
