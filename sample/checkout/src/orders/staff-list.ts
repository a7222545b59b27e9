import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { StkAdminService, StkService } from 'nestjs-mpesa';
import { distinctUntilChanged, exhaustMap, type Observable, shareReplay, timer } from 'rxjs';
import { type HistoryLine, historyLine } from '../payments/payment-history.js';
import { OrderBook } from './order-book.js';
import type { Order } from './order.entity.js';
import type { Task } from './task.entity.js';

const LOOK_EVERY_MS = 1_000;
const ORDERS = 20;
const TASKS = 50;

/** What the page for the staff shows. */
export interface StaffView {
  orders: StaffOrder[];
  tasks: Task[];
}

interface StaffOrder extends Pick<Order, 'reference' | 'amount' | 'status' | 'receipt'> {
  payments: StaffPayment[];
}

/** One prompt on a phone: an order has one for each time the customer pressed Pay. */
interface StaffPayment {
  /** Masked: whoever looks at the list needs no more to recognise a customer. */
  phoneNumber: string;
  history: HistoryLine[];
}

/** The newest orders with all that became of their payments. */
@Injectable()
export class StaffList {
  /** Live. Read once for everybody who looks, from the database: another process may have written. */
  readonly changes: Observable<StaffView> = timer(0, LOOK_EVERY_MS).pipe(
    exhaustMap(() => this.read()),
    distinctUntilChanged<StaffView>(isDeepStrictEqual),
    shareReplay({ bufferSize: 1, refCount: true }),
  );

  constructor(
    private readonly book: OrderBook,
    private readonly stk: StkService,
    private readonly admin: StkAdminService,
  ) {}

  private async read(): Promise<StaffView> {
    const orders = await this.book.latest(ORDERS);
    return {
      orders: await Promise.all(orders.map((order) => this.readOrder(order))),
      tasks: await this.book.tasks(TASKS),
    };
  }

  private async readOrder(order: Order): Promise<StaffOrder> {
    const { id, reference, amount, status, receipt } = order;
    const attempts = await this.stk.findByOrder(id);
    const payments = attempts.map(async (attempt) => ({
      phoneNumber: mask(attempt.phoneNumber),
      history: (await this.admin.history(attempt.id)).map(historyLine),
    }));
    return { reference, amount, status, receipt, payments: await Promise.all(payments) };
  }
}

const mask = (phoneNumber: string): string => `07•• ••• ${phoneNumber.slice(-3)}`;
