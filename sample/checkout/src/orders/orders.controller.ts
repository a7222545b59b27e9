import {
  Body,
  Controller,
  type MessageEvent,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
  Sse,
} from '@nestjs/common';
import { MpesaValidationPipe, StkService } from 'nestjs-mpesa';
import { combineLatest, filter, map, type Observable, startWith } from 'rxjs';
import { Checkout } from '../payments/checkout.service.js';
import { OrderBook } from './order-book.js';
import { type OrderView, orderView, staffView } from './order-view.js';
import { PayOrderDto, PlaceOrderDto } from './place-order.dto.js';

@Controller('orders')
export class OrdersController {
  constructor(
    private readonly book: OrderBook,
    private readonly checkout: Checkout,
    private readonly stk: StkService,
  ) {}

  @Post()
  async place(@Body(MpesaValidationPipe) body: PlaceOrderDto): Promise<OrderView> {
    const order = this.book.place(body.idempotencyKey, body.amount);
    return this.pay(order.id, body);
  }

  /** Again, after a payment that failed: a new attempt for the same order. */
  @Post(':id/payments')
  async pay(
    @Param('id', ParseUUIDPipe) id: string,
    @Body(MpesaValidationPipe) body: PayOrderDto,
  ): Promise<OrderView> {
    const order = this.book.get(id);
    const attempt = await this.checkout.ask(order, body.phoneNumber, body.idempotencyKey);
    return orderView(order, attempt);
  }

  /** What the customer sees of the newest attempt, live. */
  @Sse(':id/events')
  async events(@Param('id', ParseUUIDPipe) id: string): Promise<Observable<MessageEvent>> {
    const order = this.book.get(id);
    const attempt = await this.checkout.latest(order);
    if (!attempt) throw new NotFoundException('Nobody was asked to pay this order.');
    const changes = this.book.changes.pipe(
      filter((changed) => changed === order),
      startWith(order),
    );
    return combineLatest([this.stk.watch(attempt.id), changes]).pipe(
      map(([latest]) => ({ data: orderView(order, latest) })),
    );
  }

  /** All orders with the history of their payments, live. Behind a login in a real shop. */
  @Sse('feed')
  feed(): Observable<MessageEvent> {
    return this.book.changes.pipe(
      startWith(null),
      map(() => ({
        data: { orders: this.book.newestFirst().map(staffView), tasks: this.book.tasks },
      })),
    );
  }
}
