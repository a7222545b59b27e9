import type { ChildMessage } from '../support/child.js';

/** To a client: make so many pushes. */
export interface Round extends ChildMessage {
  type: 'round';
  pushes: number;
  /** Pushes that are under way at any time. */
  atOnce: number;
}

/** From a client, when they are made. */
export interface Done extends ChildMessage {
  type: 'done';
  perSecond: number;
  /** Of the whole process, for each push. */
  cpuMicros: number;
}

/** Number of a push, which makes order and phone of its own of it. */
export type Push = (n: number) => Promise<unknown>;

let made = 0;

/** Serves rounds, as long as there is a parent process. */
export function servePushes(push: Push): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (round: Round) => {
    void run(push, round).then((done) => process.send?.(done));
  });
  process.send?.({ type: 'ready' } satisfies ChildMessage);
}

async function run(push: Push, { pushes, atOnce }: Round): Promise<Done> {
  const numbers = Array.from({ length: pushes }, () => made++).values();
  const cpu = process.cpuUsage();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const n of numbers) await push(n);
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { type: 'done', perSecond: pushes / seconds, cpuMicros: (user + system) / pushes };
}

export const phoneOf = (n: number): string => `2547${String(n % 100_000_000).padStart(8, '0')}`;
