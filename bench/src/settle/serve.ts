import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import type { ChildMessage } from '../support/child.js';
import { type Held, held } from '../support/held.js';

/** The port on which an application of this benchmark listens. */
export interface Listening extends ChildMessage {
  type: 'listening';
  port: number;
}

/** What the application's process has used so far. */
export interface Usage extends ChildMessage {
  type: 'usage';
  cpuMs: number;
  residentMiB: number;
}

/** What the application's process holds. */
export interface Memory extends ChildMessage, Held {
  type: 'memory';
}

/** Listens, and serves the parent process. */
export async function serve(app: INestApplication): Promise<void> {
  await app.listen(0, '127.0.0.1');
  tellUsage(((app.getHttpServer() as Server).address() as AddressInfo).port);
}

/** Tells the parent process what this one uses whenever it asks. Ends with the parent. */
export function tellUsage(port: number): void {
  process.on('message', ({ type }: ChildMessage) => {
    if (type === 'memory') {
      process.send?.({ type: 'memory', ...held() } satisfies Memory);
      return;
    }
    const { user, system } = process.cpuUsage();
    const residentMiB = process.memoryUsage.rss() / 2 ** 20;
    process.send?.({ type: 'usage', cpuMs: (user + system) / 1_000, residentMiB } satisfies Usage);
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ type: 'listening', port } satisfies Listening);
}
