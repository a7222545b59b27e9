import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import {
  OnStkEvent,
  StkCompleted,
  StkCompletedLate,
  StkDuplicatePayment,
  StkNeedsReview,
  StkReceiptReceived,
} from 'nestjs-mpesa';
import { runOnce, type RunOnce } from 'nestjs-mpesa/typeorm';
import { DataSource } from 'typeorm';
import { OrderBook } from '../orders/order-book.js';

/**
 * What the shop does about money. An event is delivered until its handler has returned, so it can
 * come twice. `once` writes a note of the event in the transaction of the work: the second time it
 * does nothing.
 */
@Injectable()
export class Fulfilment {
  private readonly once: RunOnce;

  constructor(
    @InjectDataSource() dataSource: DataSource,
    private readonly book: OrderBook,
  ) {
    this.once = runOnce(dataSource, 'Fulfilment');
  }

  @OnStkEvent(StkCompleted)
  async paid(event: StkCompleted): Promise<void> {
    await this.once(event, async (manager) => {
      await this.book.close(event.orderId, 'paid', event.receipt, manager);
      // The place to send the gift card: a row for whatever sends it, in this same transaction.
    });
  }

  /** Proven by a query, which names no receipt; it came afterwards. Twice is no harm: no `once`. */
  @OnStkEvent(StkReceiptReceived)
  async receiptArrived(event: StkReceiptReceived): Promise<void> {
    await this.book.addReceipt(event.orderId, event.receipt);
  }

  /** The customer was told that it failed, and may have left: a person decides. */
  @OnStkEvent(StkCompletedLate)
  async paidLate(event: StkCompletedLate): Promise<void> {
    await this.once(event, async (manager) => {
      await this.book.close(event.orderId, 'paid-late', event.receipt, manager);
      const text = `Paid after we had said "${event.previousStatus}". Send the card or refund.`;
      await this.book.addTask(event.orderId, text, manager);
    });
  }

  @OnStkEvent(StkDuplicatePayment)
  async paidTwice(event: StkDuplicatePayment): Promise<void> {
    const receipt = event.receipt ?? 'still to come';
    await this.task(event, `Paid twice. Refund KES ${event.amount}, receipt ${receipt}.`);
  }

  @OnStkEvent(StkNeedsReview)
  async looksOdd(event: StkNeedsReview): Promise<void> {
    await this.task(
      event,
      `Something does not add up (${event.flag}). Check the M-Pesa statement.`,
    );
  }

  private async task(event: StkDuplicatePayment | StkNeedsReview, text: string): Promise<void> {
    await this.once(event, (manager) => this.book.addTask(event.orderId, text, manager));
  }
}
