import { benchCallback } from '../settle/callback-request.js';
import type { Listening, Usage } from '../settle/serve.js';
import { alternate, ratios } from '../support/alternate.js';
import { Child } from '../support/child.js';
import { load, postRequest } from '../support/load.js';
import { type Figure, reported } from '../support/report.js';
import { spread, withSpread } from '../support/statistics.js';

const START_MS = 60_000;
const CONNECTIONS = 32;
const PLATFORMS = { node: 'node:http', fastify: 'Nest on Fastify', express: 'Nest on Express' };

/** What a callback takes that is read and answered, and nothing else. */
export async function bare(size: { rounds: number; requests: number }): Promise<Figure[]> {
  const node = await start('node');
  const fastify = await start('fastify');
  const express = await start('express');
  const results = await alternate(
    {
      node: () => node.round(size.requests),
      fastify: () => fastify.round(size.requests),
      express: () => express.round(size.requests),
    },
    { rounds: size.rounds, warmUps: 2 },
  );
  for (const app of [node, fastify, express]) await app.stop();
  return (['fastify', 'express'] as const).flatMap((platform) => [
    reported(
      `CPU of an answer without a database, ${PLATFORMS[platform]}`,
      PLATFORMS.node,
      withSpread(spread(ratios(results[platform], results.node))),
    ),
    reported(
      'the same in µs',
      PLATFORMS.node,
      `${withSpread(spread(results[platform]))} : ${withSpread(spread(results.node))}`,
    ),
  ]);
}

async function start(platform: keyof typeof PLATFORMS) {
  const child = Child.start('bare/bare.app.js', { BENCH_PLATFORM: platform });
  const { port } = await child.next<Listening>('listening', START_MS);
  const cpuMs = async () => {
    child.tell({ type: 'usage' });
    return (await child.next<Usage>('usage', START_MS)).cpuMs;
  };
  const request = postRequest('/callbacks/token', benchCallback('A', 1));
  return {
    /** CPU of one answer, in µs. */
    async round(count: number): Promise<number> {
      const before = await cpuMs();
      await load(port, new Array<string>(count).fill(request), CONNECTIONS);
      return (((await cpuMs()) - before) * 1_000) / count;
    },
    stop: () => child.kill(),
  };
}
