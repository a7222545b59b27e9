import 'reflect-metadata';
import { Module } from '@nestjs/common';
import pg from 'pg';
import { DATABASE_URL } from '../support/database.js';
import { createApp } from '../support/platform.js';
import { serve } from './serve.js';
import { HandWrittenController } from './hand-written.controller.js';

const schema = process.env.BENCH_SCHEMA ?? '';
const options = `-c search_path=${schema}`;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10, options });

@Module({
  controllers: [HandWrittenController],
  providers: [{ provide: pg.Pool, useValue: pool }],
})
class HandWrittenModule {}

await serve(await createApp(HandWrittenModule));
