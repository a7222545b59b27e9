import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type StkAttempt, type StkPushInput, StkService } from 'nestjs-mpesa';
import { DataSource } from 'typeorm';
import { OrderBook } from '../orders/order-book.js';
import type { Order } from '../orders/order.entity.js';
import type { PayOrderDto, PlaceOrderDto } from '../orders/place-order.dto.js';

/**
 * Asks a phone for the money of an order. Resolves when Daraja took the request, or may have taken it:
 * the customer's answer comes later, as an event. Throws where it is certain that no phone was asked.
 */
@Injectable()
export class Checkout {
  constructor(
    private readonly stk: StkService,
    private readonly book: OrderBook,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {}

  /** Writes order and attempt in one transaction, both or neither; then asks the phone. */
  async place(body: PlaceOrderDto): Promise<{ order: Order; attempt: StkAttempt }> {
    if (this.dataSource.options.type === 'sqljs') return this.placeEmbedded(body);
    const { order, prepared } = await this.dataSource.transaction(
      'READ COMMITTED',
      async (manager) => {
        const order = await this.book.place(body.idempotencyKey, body.amount, manager);
        return { order, prepared: await this.stk.prepare(pushInput(order, body), { manager }) };
      },
    );
    // After the commit: nothing is sent that could still be rolled back.
    return { order, attempt: await this.stk.send(prepared.id) };
  }

  /** Another try for an order that is there already. */
  payAgain(order: Order, body: PayOrderDto): Promise<StkAttempt> {
    return this.stk.push(pushInput(order, body));
  }

  /**
   * All users of an embedded database share its one connection, so that a transaction of ours would
   * hold what others write meanwhile: `prepare()` refuses it. A process that dies between these two
   * lines leaves an order that nobody was asked to pay.
   */
  private async placeEmbedded(body: PlaceOrderDto): Promise<{ order: Order; attempt: StkAttempt }> {
    const order = await this.book.place(body.idempotencyKey, body.amount);
    return { order, attempt: await this.stk.push(pushInput(order, body)) };
  }
}

const pushInput = (order: Order, { phoneNumber, idempotencyKey }: PayOrderDto): StkPushInput => ({
  phoneNumber,
  amount: order.amount,
  accountReference: order.reference,
  transactionDesc: 'Gift card',
  orderId: order.id,
  idempotencyKey,
});
