import type { IncomingHttpHeaders } from 'node:http';
import { MAX_BODY_BYTES } from './decode-body.js';

/** An answer with its body as it came. */
export interface HttpAnswer {
  status: number;
  statusText: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An answer on its way. */
export class IncomingAnswer {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(private readonly head: Omit<HttpAnswer, 'body'>) {}

  /** False once it is longer than any answer of Daraja's; the rest is not kept. */
  add(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_BODY_BYTES) return false;
    this.#chunks.push(chunk);
    return true;
  }

  whole(): HttpAnswer {
    return { ...this.head, body: Buffer.concat(this.#chunks) };
  }
}
