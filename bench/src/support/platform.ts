import type { INestApplication, Type } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

export type Platform = 'express' | 'fastify';

const ADAPTERS: Record<Platform, () => AbstractHttpAdapter> = {
  express: () => new ExpressAdapter(),
  fastify: () => new FastifyAdapter(),
};

/** The application on the platform that the environment names, with no log line below `error`. */
export function createApp(module: Type): Promise<INestApplication> {
  const platform = process.env.BENCH_PLATFORM === 'fastify' ? 'fastify' : 'express';
  return NestFactory.create(module, ADAPTERS[platform](), { logger: ['error', 'fatal'] });
}
