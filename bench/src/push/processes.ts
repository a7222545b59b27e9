import type { Listening } from '../settle/serve.js';
import { Child } from '../support/child.js';
import type { Done, Round } from './pusher.js';

/** How long one of them may take to start, or to make a round. */
export const PATIENCE_MS = 120_000;

/** A Daraja in a process of its own. */
export async function startDaraja(): Promise<{ child: Child; url: string }> {
  const child = Child.start('push/daraja.app.js', {});
  const { port } = await child.next<Listening>('listening', PATIENCE_MS);
  return { child, url: `http://127.0.0.1:${port}` };
}

/** A client in a process of its own. */
export async function startClient(module: string, environment: Record<string, string>) {
  const child = Child.start(module, environment);
  await child.next('ready', PATIENCE_MS);
  const round = (pushes: number, atOnce: number): Promise<Done> => {
    child.tell({ type: 'round', pushes, atOnce } satisfies Round);
    return child.next<Done>('done', PATIENCE_MS);
  };
  return { round, stop: () => child.kill() };
}
