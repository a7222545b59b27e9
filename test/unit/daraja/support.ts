import { HttpService } from '@nestjs/axios';
import Axios from 'axios';
import type { AxiosInstance } from 'axios';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../../../lib/attempts/clock.js';
import { SystemClock } from '../../../lib/attempts/clock.js';
import type { DarajaAccount } from '../../../lib/daraja/daraja-account.js';
import { darajaAxiosConfig } from '../../../lib/daraja/daraja-axios-config.js';
import type { DarajaHttpOptions } from '../../../lib/daraja/daraja-http-options.js';
import { DarajaHttp } from '../../../lib/daraja/daraja-http.js';

/** Long enough never to strike in a test that is not about it. */
const PATIENT: DarajaHttpOptions = {
  connectTimeoutMs: 30_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 30_000,
  totalTimeoutMs: 30_000,
};

export const SECRETS = {
  consumerKey: 'SeedConsumerKey0aB1cD2eF3gH4iJ5',
  consumerSecret: 'SeedSecret7kL8mN',
  passKey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
  token: 'SeedTokenc9SQxWWhmdVRlyh0zh8',
} as const;

export const account = (baseUrl: string): DarajaAccount => ({
  name: 'default',
  baseUrl,
  consumerKey: SECRETS.consumerKey,
  consumerSecret: SECRETS.consumerSecret,
  shortCode: '174379',
  passKey: SECRETS.passKey,
  partyB: '174379',
  transactionType: 'CustomerPayBillOnline',
  callbackUrl: 'https://shop.example/stk/callback',
});

export const darajaHttp = (
  timeouts: Partial<DarajaHttpOptions> = {},
  clock: Clock = new SystemClock(),
  axios: AxiosInstance = Axios.create(darajaAxiosConfig()),
): DarajaHttp => new DarajaHttp(new HttpService(axios), clock, { ...PATIENT, ...timeouts });

/** The machine's time, plus what a process would have missed that was stopped meanwhile. */
export class LeapingClock extends SystemClock {
  private missed = 0;

  leap(ms: number): void {
    this.missed += ms;
  }

  override now(): number {
    return super.now() + this.missed;
  }

  override monotonic(): number {
    return super.monotonic() + this.missed;
  }
}

const opened: { close: () => void }[] = [];

/** Closes what the test opened. */
export function closeServers(): void {
  for (const server of opened.splice(0)) server.close();
}

async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

export interface RawServer {
  url: string;
  port: number;
  /** Bytes received of each connection. */
  received: string[];
}

/** A TCP server that does with each connection what the test says. */
export async function rawServer(
  onConnection: (socket: Socket, index: number) => void,
): Promise<RawServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    const index = received.push('') - 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received[index] = (received[index] ?? '') + chunk.toString('latin1');
    });
    onConnection(socket, index);
  });
  const port = await listen(server);
  opened.push({
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  return { url: `http://127.0.0.1:${String(port)}`, port, received };
}

export interface SeenRequest {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface FakeDaraja {
  url: string;
  requests: SeenRequest[];
  connections: () => number;
}

/** An HTTP server that answers as the test says; a text body is sent as it is, else as JSON. */
export async function fakeDaraja(
  reply: (request: SeenRequest, index: number) => Reply | Promise<Reply>,
): Promise<FakeDaraja> {
  const requests: SeenRequest[] = [];
  let connections = 0;
  const server = http.createServer((incoming, response) => {
    void (async () => {
      const seen = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        body: await readBody(incoming),
      };
      const { status = 200, headers = {}, body = '' } = await reply(seen, requests.push(seen) - 1);
      response.writeHead(status, headers);
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    })();
  });
  server.on('connection', () => {
    connections += 1;
  });
  const port = await listen(server);
  opened.push({
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
  return { url: `http://127.0.0.1:${String(port)}`, requests, connections: () => connections };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8') as AsyncIterable<string>) body += chunk;
  return body;
}

export interface Sample {
  kind: string;
  evidence: string;
  payload: unknown;
  http?: number;
  raw?: string;
}

const SAMPLES = JSON.parse(readFileSync('test/fixtures/daraja-samples.json', 'utf8')) as Sample[];

/** The recorded answers of a kind, as they came over the wire; one entry where a sample lists several. */
export function samples(
  prefix: string,
): { name: string; kind: string; status: number | undefined; text: string; payload: unknown }[] {
  return SAMPLES.filter(({ kind }) => kind.startsWith(prefix)).flatMap((sample, index) =>
    (Array.isArray(sample.payload) ? (sample.payload as unknown[]) : [sample.payload]).map(
      (payload) => {
        const text =
          sample.raw ?? (typeof payload === 'string' ? payload : JSON.stringify(payload));
        const name = `${sample.kind} ${String(index)}: ${text.slice(0, 90)}`;
        return { name, kind: sample.kind, status: sample.http, text, payload };
      },
    ),
  );
}
