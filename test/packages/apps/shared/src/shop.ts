import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { MpesaModule, OnStkEvent, StkCompleted, StkFailed, StkService } from 'nestjs-mpesa';
import type { MpesaModuleOptions, StkAttempt } from 'nestjs-mpesa';
import { DarajaEmulator, EMULATOR_ACCOUNT } from 'nestjs-mpesa/testing';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export type Platform = 'express' | 'fastify';

/** Writes down what it is told. */
@Injectable()
export class Ledger {
  readonly events: (StkCompleted | StkFailed)[] = [];

  @OnStkEvent(StkCompleted, StkFailed)
  async note(event: StkCompleted | StkFailed): Promise<void> {
    await Promise.resolve();
    this.events.push(event);
  }
}

@Injectable()
export class Checkout {
  constructor(private readonly stk: StkService) {}

  pay(orderId: string, amount = 100): Promise<StkAttempt> {
    return this.stk.push({
      phoneNumber: '0712 345 678',
      amount,
      accountReference: 'INV-001',
      transactionDesc: 'Subscription',
      orderId,
    });
  }

  outcome(attempt: StkAttempt): Promise<StkAttempt> {
    return this.stk.waitFor(attempt.id, { timeoutMs: 20_000 });
  }
}

@Module({})
class ShopModule {
  static with(mpesa: DynamicModule): DynamicModule {
    return { module: ShopModule, imports: [mpesa], providers: [Ledger, Checkout] };
  }
}

/** A shop on a port of this machine, and the Daraja that it talks to. */
export class Shop {
  private constructor(
    readonly daraja: DarajaEmulator,
    readonly app: INestApplication,
    readonly url: string,
  ) {}

  static async open(platform: Platform, more: Partial<MpesaModuleOptions> = {}): Promise<Shop> {
    const daraja = new DarajaEmulator();
    const baseUrl = await daraja.listen();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const mpesa = MpesaModule.forRoot({
      environment: 'sandbox',
      ...EMULATOR_ACCOUNT,
      baseUrl,
      callbackUrl: `${url}/stk/callback`,
      ...more,
    });
    const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
    const options = { logger: ['error' as const, 'fatal' as const] };
    const app = await NestFactory.create(ShopModule.with(mpesa), adapter, options);
    await app.listen(port, '127.0.0.1');
    return new Shop(daraja, app, url);
  }

  get checkout(): Checkout {
    return this.app.get(Checkout);
  }

  /** What the ledger knows of an order, as soon as it knows anything. */
  async told(orderId: string): Promise<(StkCompleted | StkFailed)[]> {
    const { events } = this.app.get(Ledger);
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      const found = events.filter((event) => event.orderId === orderId);
      if (found.length > 0) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`Nothing was told about ${orderId}`);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.daraja.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
