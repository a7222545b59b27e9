import { randomUUID } from 'node:crypto';
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import type { HistoryEntry, Order, Payment, Task } from './order.js';

/** The shop's own records. In memory, to keep the sample short; yours are in a database. */
@Injectable()
export class OrderBook {
  private readonly orders = new Map<string, Order>();
  private readonly changed = new Subject<Order>();
  readonly tasks: Task[] = [];

  /** The order that has just changed. */
  readonly changes: Observable<Order> = this.changed.asObservable();

  /** A new order, or the one that was placed with this key before. */
  place(idempotencyKey: string, amount: number): Order {
    const known = this.newestFirst().find((order) => order.idempotencyKey === idempotencyKey);
    if (known && known.amount !== amount) {
      throw new ConflictException('This order was placed with another amount.');
    }
    if (known) return known;
    const order: Order = {
      id: randomUUID(),
      reference: `INV-${String(this.orders.size + 1).padStart(3, '0')}`,
      idempotencyKey,
      amount,
      placedAt: new Date(),
      status: 'open',
      receipt: null,
      payments: [],
    };
    this.orders.set(order.id, order);
    this.changed.next(order);
    return order;
  }

  get(id: string | null): Order {
    const order = this.orders.get(id ?? '');
    if (!order) throw new NotFoundException('There is no such order.');
    return order;
  }

  newestFirst(): Order[] {
    return [...this.orders.values()].reverse();
  }

  /** Changes an order and tells everybody who watches. */
  update(id: string | null, change: (order: Order) => void): void {
    const order = this.get(id);
    change(order);
    this.changed.next(order);
  }

  /** Adds to an attempt's history; an event that is there already is not added again. */
  addHistory(orderId: string | null, attemptId: string, entry: HistoryEntry): void {
    this.update(orderId, (order) => {
      const { history } = paymentOf(order, attemptId);
      if (!history.some(({ eventId }) => eventId === entry.eventId)) history.push(entry);
    });
  }

  /** Adds work for a person, once for one event. */
  addTask(orderId: string | null, task: Omit<Task, 'reference'>): void {
    if (this.tasks.some(({ eventId }) => eventId === task.eventId)) return;
    this.update(orderId, ({ reference }) => this.tasks.push({ ...task, reference }));
  }
}

/** Events may be faster than the answer to our own push, so either of them makes the entry. */
export function paymentOf(order: Order, attemptId: string): Payment {
  let payment = order.payments.find((known) => known.attemptId === attemptId);
  if (!payment) {
    payment = { attemptId, phoneNumber: '', history: [] };
    order.payments.push(payment);
  }
  return payment;
}
