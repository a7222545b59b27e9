import { Injectable } from '@nestjs/common';
import { type StkAttempt, StkService } from 'nestjs-mpesa';
import { OrderBook, paymentOf } from '../orders/order-book.js';
import type { Order } from '../orders/order.js';

/** Asks a phone for the money of an order. */
@Injectable()
export class Checkout {
  constructor(
    private readonly stk: StkService,
    private readonly book: OrderBook,
  ) {}

  /**
   * Resolves when Daraja took the request, or may have taken it: the customer's answer comes later,
   * as an event. Throws where it is certain that no phone was asked.
   */
  async ask(order: Order, phoneNumber: string, idempotencyKey: string): Promise<StkAttempt> {
    const attempt = await this.stk.push({
      phoneNumber,
      amount: order.amount,
      accountReference: order.reference,
      transactionDesc: 'Gift card',
      orderId: order.id,
      idempotencyKey,
    });
    this.book.update(order.id, () => {
      paymentOf(order, attempt.id).phoneNumber = mask(attempt.phoneNumber);
    });
    return attempt;
  }

  /** The order's newest attempt. */
  async latest(order: Order): Promise<StkAttempt | undefined> {
    return (await this.stk.findByOrder(order.id)).at(-1);
  }
}

const mask = (phoneNumber: string): string => `07•• ••• ${phoneNumber.slice(-3)}`;
