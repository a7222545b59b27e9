import { Injectable } from '@nestjs/common';
import {
  OnStkEvent,
  StkCompleted,
  StkCompletedLate,
  StkDuplicatePayment,
  type StkEvent,
  StkExpired,
  StkFailed,
  StkNeedsReview,
  StkOutcomeUnknown,
  StkPrompted,
  StkReceiptReceived,
  StkRejected,
} from 'nestjs-mpesa';
import { OrderBook } from '../orders/order-book.js';

/** Writes down everything that became of a payment, for the staff to read. */
@Injectable()
export class PaymentHistory {
  constructor(private readonly book: OrderBook) {}

  @OnStkEvent(StkPrompted)
  prompted(event: StkPrompted): void {
    this.write(event, 'The phone is asked.');
  }

  @OnStkEvent(StkRejected)
  rejected(event: StkRejected): void {
    this.write(event, `No phone was asked: ${event.message}`);
  }

  @OnStkEvent(StkOutcomeUnknown)
  unknown(event: StkOutcomeUnknown): void {
    this.write(event, `The phone may have been asked; no answer from M-Pesa (${event.cause}).`);
  }

  @OnStkEvent(StkCompleted)
  completed(event: StkCompleted): void {
    this.write(event, `Paid, ${receiptText(event.receipt)}, told by the ${event.confirmedBy}.`);
  }

  @OnStkEvent(StkCompletedLate)
  completedLate(event: StkCompletedLate): void {
    this.write(event, `Paid late, ${receiptText(event.receipt)}; it was ${event.previousStatus}.`);
  }

  @OnStkEvent(StkDuplicatePayment)
  duplicate(event: StkDuplicatePayment): void {
    this.write(event, `Paid again, ${receiptText(event.receipt)}: refund it.`);
  }

  @OnStkEvent(StkReceiptReceived)
  receipt(event: StkReceiptReceived): void {
    this.write(event, `The receipt is ${event.receipt}.`);
  }

  @OnStkEvent(StkFailed)
  failed(event: StkFailed): void {
    const { en, sw } = event.customerMessage;
    this.write(event, `Not paid: ${event.reason}. The customer reads: ${en}`, { textSw: sw });
  }

  @OnStkEvent(StkExpired)
  expired(event: StkExpired): void {
    this.write(event, 'No word from M-Pesa in time. Still watched.');
  }

  @OnStkEvent(StkNeedsReview)
  review(event: StkNeedsReview): void {
    this.write(event, `A person should look: ${event.flag}.`);
  }

  private write(event: StkEvent, text: string, more: { textSw?: string } = {}): void {
    const { id: eventId, occurredAt: at, type } = event;
    this.book.addHistory(event.orderId, event.attemptId, { eventId, at, type, text, ...more });
  }
}

const receiptText = (receipt: string | null): string =>
  receipt ? `receipt ${receipt}` : 'receipt to follow';
