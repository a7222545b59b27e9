import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { mpesaConfig, MpesaExceptionFilter, MpesaModule } from 'nestjs-mpesa';
import { DemoController } from './demo.controller.js';
import { OrderBook } from './orders/order-book.js';
import { OrdersController } from './orders/orders.controller.js';
import { Checkout } from './payments/checkout.service.js';
import { Fulfilment } from './payments/fulfilment.js';
import { PaymentHistory } from './payments/payment-history.js';

@Module({
  imports: [
    ConfigModule.forRoot(),
    // All that it needs to know is in the MPESA_* environment variables.
    MpesaModule.forRootAsync({ ...mpesaConfig.asProvider() }),
  ],
  controllers: [OrdersController, DemoController],
  providers: [
    OrderBook,
    Checkout,
    Fulfilment,
    PaymentHistory,
    { provide: APP_FILTER, useClass: MpesaExceptionFilter },
  ],
})
export class AppModule {}
