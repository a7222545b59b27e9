import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { mpesaConfig, MpesaExceptionFilter, MpesaModule } from 'nestjs-mpesa';
import { typeOrmPersistence } from 'nestjs-mpesa/typeorm';
import { databaseOptions } from './database/database-options.js';
import { DemoController } from './demo.controller.js';
import { OrderBook } from './orders/order-book.js';
import { OrdersController } from './orders/orders.controller.js';
import { StaffList } from './orders/staff-list.js';
import { Checkout } from './payments/checkout.service.js';
import { Fulfilment } from './payments/fulfilment.js';

@Module({
  imports: [
    ConfigModule.forRoot(),
    TypeOrmModule.forRootAsync({ useFactory: databaseOptions }),
    MpesaModule.forRootAsync({
      // All that it needs to know is in the MPESA_* environment variables.
      ...mpesaConfig.asProvider(),
      persistence: typeOrmPersistence(),
    }),
  ],
  controllers: [OrdersController, DemoController],
  providers: [
    OrderBook,
    StaffList,
    Checkout,
    Fulfilment,
    { provide: APP_FILTER, useClass: MpesaExceptionFilter },
  ],
})
export class AppModule {}
