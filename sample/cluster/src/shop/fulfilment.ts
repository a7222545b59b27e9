import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import {
  OnStkEvent,
  StkCompleted,
  StkCompletedLate,
  StkDuplicatePayment,
  StkNeedsReview,
} from 'nestjs-mpesa';
import { runOnce, type RunOnce } from 'nestjs-mpesa/typeorm';
import { DataSource } from 'typeorm';

/** Sends what was paid: once, although an instance that is killed while it does so is told again. */
@Injectable()
export class Fulfilment {
  private readonly once: RunOnce;

  constructor(@InjectDataSource() dataSource: DataSource) {
    this.once = runOnce(dataSource, 'Fulfilment');
  }

  /** Nobody cancels an order here, so one that was paid late is sent as well. */
  @OnStkEvent(StkCompleted, StkCompletedLate)
  async send(event: StkCompleted | StkCompletedLate): Promise<void> {
    await this.once(event, async (manager) => {
      await manager.query('INSERT INTO shipment (order_id) VALUES ($1)', [event.orderId]);
    });
  }

  /** The report counts them: in a shop that is at work a person looks at each. */
  @OnStkEvent(StkDuplicatePayment, StkNeedsReview)
  look(event: StkDuplicatePayment | StkNeedsReview): void {
    console.warn(
      `${event.attemptId}: ${event instanceof StkNeedsReview ? event.flag : 'paid twice'}`,
    );
  }
}
