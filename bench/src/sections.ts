import type { Client } from 'pg';
import { bare } from './bare/bare.bench.js';
import { boot } from './boot/boot.bench.js';
import { readCallback } from './decide/decide.bench.js';
import { forgeries } from './forged/forged.bench.js';
import { growth } from './growth/growth.bench.js';
import { handlerLatency } from './handler/handler.bench.js';
import { install } from './install/install.bench.js';
import { instances } from './instances/instances.bench.js';
import { memory } from './memory/memory.bench.js';
import { pushOfPeers } from './push/peers.bench.js';
import { pushInMemory, pushInPostgres } from './push/push.bench.js';
import { backlog } from './reconciler/backlog.bench.js';
import { lostCallbacks } from './reconciler/lost.bench.js';
import { settleCallbacks } from './settle/settle.bench.js';
import { soak } from './soak/soak.bench.js';
import type { Platform } from './support/platform.js';
import type { Figure } from './support/report.js';
import { takeover } from './takeover/takeover.bench.js';

interface Wish {
  client: Client;
  /** Few rounds on small tables: it runs, and its figures mean nothing. */
  quick: boolean;
  /** Prints PostgreSQL's plans. */
  explain: boolean;
}

const settle =
  (platform: Platform, connections: number, rounds: number) =>
  ({ client, quick }: Wish): Promise<Figure[]> =>
    settleCallbacks(client, {
      platform,
      connections,
      rounds: quick ? 1 : rounds,
      callbacks: quick ? 200 : 2_000,
    });

const pushes = (quick: boolean, count: number) =>
  quick ? { rounds: 2, pushes: 200 } : { rounds: 15, pushes: count };

/** All that is measured, by the name that `--only` takes. */
export const SECTIONS = {
  push: ({ quick }: Wish) => pushInMemory(pushes(quick, 3_000)),
  'push-postgres': ({ client, quick }: Wish) => pushInPostgres(client, pushes(quick, 1_000)),
  'push-peers': ({ quick }: Wish) => pushOfPeers(pushes(quick, 3_000)),
  settle: settle('express', 32, 15),
  'settle-256': settle('express', 256, 9),
  'settle-fastify': settle('fastify', 32, 9),
  'settle-fastify-256': settle('fastify', 256, 9),
  bare: ({ quick }: Wish) =>
    bare(quick ? { rounds: 1, requests: 500 } : { rounds: 9, requests: 10_000 }),
  handler: ({ client, quick }: Wish) => handlerLatency(client, quick ? 50 : 2_000),
  decide: ({ quick }: Wish) =>
    readCallback(quick ? { rounds: 2, calls: 1_000 } : { rounds: 15, calls: 50_000 }),
  boot: ({ quick }: Wish) => boot(quick ? 1 : 31),
  install: () => install(),
  growth: ({ client, quick, explain }: Wish) =>
    growth(client, {
      ...(quick
        ? { many: 10_000, rounds: 2, calls: 10 }
        : { many: 1_000_000, rounds: 15, calls: 20 }),
      explain,
    }),
  takeover: ({ client, quick }: Wish) => takeover(client, quick ? 1 : 3),
  reconciler: async ({ client, quick }: Wish) => [
    ...(await backlog(client, quick ? 5_000 : 100_000)),
    ...(await lostCallbacks(quick ? 2 : 60)),
  ],
  forged: ({ client, quick }: Wish) =>
    forgeries(
      client,
      quick ? { forged: 2_000, rounds: 2, posts: 50 } : { forged: 100_000, rounds: 9, posts: 500 },
    ),
  instances: ({ client, quick }: Wish) =>
    instances(client, quick ? { rounds: 1, callbacks: 200 } : { rounds: 9, callbacks: 2_000 }),
  memory: ({ client, quick }: Wish) => memory(client, quick ? 500 : 100_000),
  soak: ({ client, quick }: Wish) =>
    soak(
      client,
      quick
        ? { slices: 3, sliceSeconds: 3, compared: 1 }
        : { slices: 31, sliceSeconds: 60, compared: 5 },
    ),
};

export type Section = keyof typeof SECTIONS;
