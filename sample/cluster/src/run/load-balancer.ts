import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Instances } from './instances.js';

const TRIES = 5;
const TIMEOUT_MS = 20_000;

/**
 * What stands before the instances: customers and Safaricom know its address alone. A request that an
 * instance did not answer goes to the next one; the shop can take that, whatever the first has done with it.
 */
export class LoadBalancer {
  private readonly server: Server;

  constructor(private readonly instances: Instances) {
    this.server = createServer((request, response) => {
      void this.pass(request, response);
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    try {
      const body = method === 'GET' ? undefined : await buffer(request);
      for (let tries = 0; tries < TRIES; tries += 1) {
        const answer = await this.ask(method, url, request.headers['content-type'], body);
        if (!answer) continue;
        response.writeHead(answer.status, { 'content-type': 'application/json' });
        response.end(answer.text);
        return;
      }
      response.writeHead(502).end();
    } catch {
      // Whoever asked is gone.
      response.destroy();
    }
  }

  private async ask(method: string, path: string, type = 'application/json', body?: Buffer) {
    const target = this.instances.next();
    if (!target) return null;
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const headers = { 'content-type': type };
      const answer = await fetch(
        target + path,
        body ? { method, headers, signal, body: new Uint8Array(body) } : { method, signal },
      );
      return { status: answer.status, text: await answer.text() };
    } catch {
      return null;
    }
  }
}
