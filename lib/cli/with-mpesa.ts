import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { inMemoryPersistence } from '../in-memory-persistence.js';
import { MpesaModule } from '../mpesa.module.js';
import type { MpesaModuleOptions } from '../mpesa.options.js';

/** Does something with the module itself, as an application would, without background work and log. */
export async function withMpesa<T>(
  options: MpesaModuleOptions,
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const mpesa = MpesaModule.forRoot({
    ...options,
    persistence: inMemoryPersistence(),
    background: false,
  });
  const app = await NestFactory.createApplicationContext(mpesa, {
    logger: false,
    abortOnError: false,
  });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
