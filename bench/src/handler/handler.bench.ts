import type { Client } from 'pg';
import { callbackRequest } from '../settle/callback-request.js';
import { nestjsMpesa } from '../settle/contenders.js';
import type { Listening } from '../settle/serve.js';
import { Child } from '../support/child.js';
import { paced } from '../support/paced.js';
import { type Figure, reported } from '../support/report.js';
import { digits, percentile } from '../support/statistics.js';
import type { Latency } from './timed.app.js';

const PATIENCE_MS = 60_000;
const A_SECOND = 50;

/** How long after its commit a payment's handler is called, in the instance that had the callback. */
export async function handlerLatency(client: Client, callbacks: number): Promise<Figure[]> {
  const contender = await nestjsMpesa(client, 'latency', { handler: true });
  const child = Child.start('handler/timed.app.js', contender.environment);
  try {
    const { port } = await child.next<Listening>('listening', PATIENCE_MS);
    await contender.fill('L', callbacks);
    const requests = Array.from({ length: callbacks }, (_, n) =>
      callbackRequest(contender.path, 'L', n + 1),
    );
    await paced(port, requests, { perSecond: A_SECOND, connections: 16 });
    const latencies: number[] = [];
    while (latencies.length < callbacks) {
      latencies.push((await child.next<Latency>('latency', PATIENCE_MS)).ms);
    }
    const at = (share: number) => `${digits(percentile(latencies, share))} ms`;
    const measured = `commit of a callback to the call of its handler, ${A_SECOND}/s`;
    return [reported(measured, '', `median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}`)];
  } finally {
    await child.kill();
    await contender.drop();
  }
}
