import { Injectable } from '@nestjs/common';
import {
  OnStkEvent,
  StkCompleted,
  StkCompletedLate,
  StkDuplicatePayment,
  StkNeedsReview,
  StkReceiptReceived,
} from 'nestjs-mpesa';
import { OrderBook } from '../orders/order-book.js';

/**
 * What the shop does about money. An event is delivered until its handler has returned, so it can
 * come twice: each handler here leaves things as they are the second time.
 */
@Injectable()
export class Fulfilment {
  constructor(private readonly book: OrderBook) {}

  @OnStkEvent(StkCompleted)
  paid(event: StkCompleted): void {
    this.book.update(event.orderId, (order) => {
      if (order.status !== 'open') return;
      order.status = 'paid';
      order.receipt = event.receipt;
      // The place to send the gift card.
    });
  }

  /** Proven by a query, which names no receipt; it came afterwards. */
  @OnStkEvent(StkReceiptReceived)
  receiptArrived(event: StkReceiptReceived): void {
    this.book.update(event.orderId, (order) => {
      order.receipt ??= event.receipt;
    });
  }

  /** The customer was told that it failed, and may have left: a person decides. */
  @OnStkEvent(StkCompletedLate)
  paidLate(event: StkCompletedLate): void {
    this.book.update(event.orderId, (order) => {
      if (order.status !== 'open') return;
      order.status = 'paid-late';
      order.receipt = event.receipt;
    });
    this.task(event, `Paid after we had said "${event.previousStatus}". Send the card or refund.`);
  }

  @OnStkEvent(StkDuplicatePayment)
  paidTwice(event: StkDuplicatePayment): void {
    const receipt = event.receipt ?? 'still to come';
    this.task(event, `Paid twice. Refund KES ${event.amount}, receipt ${receipt}.`);
  }

  @OnStkEvent(StkNeedsReview)
  looksOdd(event: StkNeedsReview): void {
    this.task(event, `Something does not add up (${event.flag}). Check the M-Pesa statement.`);
  }

  private task(event: StkCompletedLate | StkDuplicatePayment | StkNeedsReview, text: string): void {
    this.book.addTask(event.orderId, { eventId: event.id, at: event.occurredAt, text });
  }
}
