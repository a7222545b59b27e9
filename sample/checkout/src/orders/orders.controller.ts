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
import { combineLatest, map, type Observable } from 'rxjs';
import { Checkout } from '../payments/checkout.service.js';
import { OrderBook } from './order-book.js';
import { type OrderView, orderView } from './order-view.js';
import { PayOrderDto, PlaceOrderDto } from './place-order.dto.js';
import { StaffList } from './staff-list.js';

@Controller('orders')
export class OrdersController {
  constructor(
    private readonly book: OrderBook,
    private readonly checkout: Checkout,
    private readonly stk: StkService,
    private readonly staff: StaffList,
  ) {}

  @Post()
  async place(@Body(MpesaValidationPipe) body: PlaceOrderDto): Promise<OrderView> {
    const { order, attempt } = await this.checkout.place(body);
    return orderView(order, attempt);
  }

  /** Again, after a payment that failed: a new attempt for the same order. */
  @Post(':id/payments')
  async pay(
    @Param('id', ParseUUIDPipe) id: string,
    @Body(MpesaValidationPipe) body: PayOrderDto,
  ): Promise<OrderView> {
    const order = await this.book.get(id);
    return orderView(order, await this.checkout.payAgain(order, body));
  }

  /** What the customer sees of the newest attempt, live. */
  @Sse(':id/events')
  async events(@Param('id', ParseUUIDPipe) id: string): Promise<Observable<MessageEvent>> {
    const attempt = (await this.stk.findByOrder(id)).at(-1);
    if (!attempt) throw new NotFoundException('Nobody was asked to pay this order.');
    return combineLatest([this.book.watch(id), this.stk.watch(attempt.id)]).pipe(
      map(([order, latest]) => ({ data: orderView(order, latest) })),
    );
  }

  /** The newest orders with the history of their payments, live. Behind a login in a real shop. */
  @Sse('feed')
  feed(): Observable<MessageEvent> {
    return this.staff.changes.pipe(map((data) => ({ data })));
  }
}
