import 'reflect-metadata';
import { Injectable, Module, type Provider } from '@nestjs/common';
import { OnStkEvent, StkCompleted } from 'nestjs-mpesa';
import { mpesaInPostgres } from '../support/mpesa.module.js';
import { createApp } from '../support/platform.js';
import { serve } from './serve.js';

@Injectable()
class Shop {
  @OnStkEvent(StkCompleted)
  async paid(): Promise<void> {
    // Nothing: what the delivery itself costs is measured.
  }
}

const providers: Provider[] = process.env.BENCH_HANDLER === 'one' ? [Shop] : [];

@Module({ imports: mpesaInPostgres(process.env.BENCH_SCHEMA ?? ''), providers })
class PackageModule {}

await serve(await createApp(PackageModule));
