import { connect, type Socket } from 'node:net';

export interface LoadResult {
  /** Answered 200, by the time of the whole round. */
  requestsPerSecond: number;
  /** From the first byte sent to the last received, of each request. */
  latenciesMs: number[];
  /** Answered with anything but 200. */
  refused: number;
}

/**
 * Sends each request once, over so many connections that are kept alive: a connection sends its next
 * request when it has the answer to the one before. Raw sockets, as an HTTP client takes more CPU than
 * the server that it is to load.
 *
 * @param requests whole HTTP/1.1 requests, answered with a Content-Length
 * @throws where a connection breaks
 */
export async function load(
  port: number,
  requests: readonly string[],
  connections: number,
): Promise<LoadResult> {
  const queue = requests.values();
  const latenciesMs: number[] = [];
  let refused = 0;
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const started = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      for (const request of queue) {
        const sent = performance.now();
        if (!(await exchange(socket, request)).startsWith('HTTP/1.1 200 ')) refused += 1;
        latenciesMs.push(performance.now() - sent);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  for (const socket of sockets) socket.destroy();
  return { requestsPerSecond: (requests.length - refused) / seconds, latenciesMs, refused };
}

export const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => {
      resolve(socket);
    });
    socket.setEncoding('latin1');
    socket.once('error', reject);
  });

/** Resolves with the answer. */
export function exchange(socket: Socket, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const onData = (chunk: string) => {
      received += chunk;
      if (!isWhole(received)) return;
      socket.off('data', onData).off('close', onClose);
      resolve(received);
    };
    const onClose = () => {
      reject(new Error('The application closed the connection'));
    };
    socket.on('data', onData).on('close', onClose);
    socket.write(request);
  });
}

function isWhole(response: string): boolean {
  const head = response.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(response.slice(0, head))?.[1];
  if (length === undefined) throw new Error('The application answers without a Content-Length');
  return response.length >= head + 4 + Number(length);
}

/** A POST of JSON as one piece of text. */
export function postRequest(path: string, body: unknown): string {
  const json = JSON.stringify(body);
  return [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(json)}`,
    '',
    json,
  ].join('\r\n');
}
