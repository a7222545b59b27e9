import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { ClientProxy, ClientsModule, Transport } from '@nestjs/microservices';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Redis } from 'ioredis';
import { mpesaConfig, MpesaExceptionFilter, MpesaModule } from 'nestjs-mpesa';
import { ClientProxyEventTransport } from 'nestjs-mpesa/microservices';
import { RedisAccessTokenStore, RedisRateLimiter } from 'nestjs-mpesa/redis';
import { typeOrmPersistence } from 'nestjs-mpesa/typeorm';
import { EVENTS_QUEUE, SERVICES } from '../services.js';
import { DATABASE } from './database.js';
import { Fulfilment } from './fulfilment.js';
import { OrdersController } from './orders.controller.js';
import { TENANTS } from './tenants.js';

const BROKER = 'BROKER';

const broker = ClientsModule.register([
  {
    name: BROKER,
    transport: Transport.RMQ,
    options: { urls: [SERVICES.rabbitmq], queue: EVENTS_QUEUE, queueOptions: { durable: true } },
  },
]);

@Module({
  imports: [
    TypeOrmModule.forRoot({ ...DATABASE, poolSize: 8 }),
    MpesaModule.forRootAsync({
      imports: [broker, ConfigModule.forFeature(mpesaConfig)],
      inject: [mpesaConfig.KEY, BROKER],
      persistence: typeOrmPersistence(),
      useFactory: (environment: ReturnType<typeof mpesaConfig>, client: ClientProxy) => {
        const redis = new Redis(SERVICES.redis, { enableOfflineQueue: false });
        return {
          ...environment,
          accounts: TENANTS,
          accessTokenStore: new RedisAccessTokenStore(redis),
          rateLimiter: new RedisRateLimiter(redis),
          eventTransports: [new ClientProxyEventTransport(client)],
          // The emulator takes more queries than Daraja's spike arrest lets through, and nobody wants to
          // wait for days here. With Daraja leave both as they are.
          reconciliation: { firstAfterMs: 3_000, minIntervalMs: 100, expireAfterMs: 60_000 },
        };
      },
    }),
  ],
  controllers: [OrdersController],
  providers: [Fulfilment, { provide: APP_FILTER, useClass: MpesaExceptionFilter }],
})
export class AppModule {}
