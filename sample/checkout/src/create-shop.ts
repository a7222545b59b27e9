import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { securityHeaders } from './security-headers.js';

const pages = fileURLToPath(new URL('../public/', import.meta.url));

export async function createShop(): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    // Live pages hold a connection open; closing the shop closes those too.
    forceCloseConnections: true,
  });
  app.use(securityHeaders);
  // `/` is index.html, `/orders` is orders.html.
  app.useStaticAssets(pages, { extensions: ['html'] });
  return app;
}
