import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DarajaReply } from './daraja-response.builder.js';
import type { ResolvedAnswer } from './wire-answer.js';

/** More than any request of Daraja's or of the phone page needs. */
const BODY_LIMIT_BYTES = 64 * 1024;

/** The body was longer than the limit, or broke off. */
export class UnreadableBodyError extends Error {
  constructor(readonly reason: 'too-big' | 'broken-off') {
    super(`The request's body is ${reason}`);
    this.name = 'UnreadableBodyError';
  }
}

/** One request with its answer. */
export class Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Told what is sent as a whole, before it leaves. */
  onReply: (reply: DarajaReply) => void = () => undefined;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
  ) {
    this.method = request.method ?? '';
    const [path = '', search = ''] = (request.url ?? '').split(/\?(.*)/s);
    this.path = path;
    this.query = new URLSearchParams(search);
  }

  /** A header's value; empty if there is none. */
  header(name: string): string {
    return String(this.request.headers[name] ?? '');
  }

  isJson(): boolean {
    return /^application\/json\s*(;|$)/i.test(this.header('content-type'));
  }

  /** @throws {UnreadableBodyError} */
  readBody(): Promise<string> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      this.request.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= BODY_LIMIT_BYTES) chunks.push(chunk);
        else reject(new UnreadableBodyError('too-big'));
      });
      this.request.once('end', () => {
        resolve(Buffer.concat(chunks).toString('utf8'));
      });
      this.request.once('error', () => {
        reject(new UnreadableBodyError('broken-off'));
      });
      this.request.once('close', () => {
        reject(new UnreadableBodyError('broken-off'));
      });
    });
  }

  /** Ends when the answer has left, or the connection is gone. */
  send(reply: DarajaReply): Promise<void> {
    this.onReply(reply);
    const left = this.gone();
    this.response.writeHead(reply.status, {
      ...reply.headers,
      'Content-Length': Buffer.byteLength(reply.body),
    });
    this.response.end(reply.body);
    return left;
  }

  sendJson(status: number, body: object): Promise<void> {
    return this.send({
      status,
      headers: {
        'Content-Type': 'application/json;charset=UTF-8',
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
      },
      body: JSON.stringify(body),
    });
  }

  /** As `send`, but gets only as far as the fault lets it. */
  async sendAnswer({ reply, fault }: ResolvedAnswer): Promise<void> {
    const { socket } = this.request;
    if (fault === null) return this.send(reply);
    if (fault === 'no-answer') return;
    if (fault === 'reset') {
      socket.resetAndDestroy();
      return;
    }
    const bytes = Buffer.from(reply.body);
    this.response.writeHead(reply.status, { ...reply.headers, 'Content-Length': bytes.length });
    await new Promise<void>((resolve) => {
      const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
      this.response.write(half, () => {
        resolve();
      });
      this.response.once('close', resolve);
    });
    if (fault === 'cut-answer') socket.destroy();
  }

  private gone(): Promise<void> {
    return new Promise((resolve) => {
      if (this.response.destroyed) resolve();
      this.response.once('finish', resolve);
      this.response.once('close', resolve);
    });
  }
}
