import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { AttemptStore, OnStkEvent, StkCompleted } from 'nestjs-mpesa';
import { serve } from '../settle/serve.js';
import type { ChildMessage } from '../support/child.js';
import { mpesaInPostgres } from '../support/mpesa.module.js';
import { createApp } from '../support/platform.js';

/** From the commit of a callback to the call of its handler, in ms. */
export interface Latency extends ChildMessage {
  type: 'latency';
  ms: number;
}

const committedAt = new Map<string, number>();

@Injectable()
class Shop {
  @OnStkEvent(StkCompleted)
  paid({ attemptId }: StkCompleted): void {
    const committed = committedAt.get(attemptId);
    committedAt.delete(attemptId);
    const ms = performance.now() - (committed ?? NaN);
    process.send?.({ type: 'latency', ms } satisfies Latency);
  }
}

@Module({ imports: mpesaInPostgres(process.env.BENCH_SCHEMA ?? ''), providers: [Shop] })
class TimedModule {}

const app = await createApp(TimedModule);
app.get(AttemptStore, { strict: false }).commits.subscribe((id) => {
  committedAt.set(id, performance.now());
});
await serve(app);
