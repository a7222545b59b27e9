import { setTimeout as delay } from 'node:timers/promises';
import { exchange, type LoadResult, open } from './load.js';

/**
 * Sends each request once at a steady rate, as far as the connections allow: one that is due waits for a
 * connection that is free. The time of an answer counts from when its request was due.
 */
export async function paced(
  port: number,
  requests: readonly string[],
  { perSecond, connections }: { perSecond: number; connections: number },
): Promise<LoadResult> {
  const queue = requests.entries();
  const latenciesMs: number[] = [];
  let refused = 0;
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const started = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      for (const [n, request] of queue) {
        const due = started + (n * 1_000) / perSecond;
        const wait = due - performance.now();
        if (wait > 1) await delay(wait);
        const begun = Math.max(due, started);
        if (!(await exchange(socket, request)).startsWith('HTTP/1.1 200 ')) refused += 1;
        latenciesMs.push(performance.now() - begun);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  for (const socket of sockets) socket.destroy();
  return { requestsPerSecond: (requests.length - refused) / seconds, latenciesMs, refused };
}
