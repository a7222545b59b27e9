import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { MAX_CALLBACK_BYTES } from './strict-json.js';

/** The body of one request to the callback route, as it came. */
export interface CallbackBytes {
  /** At most 16 KiB of it. */
  readonly bytes: Buffer;
  /** What is wrong with it before anybody has parsed it; null where nothing is. */
  readonly problem: string | null;
}

/** So much more than the limit is read and thrown away, so that its sender can hear our answer. */
const DISCARDED_BYTES = 4 * 1024 * 1024;
/** A body comes within this time, in ms: whoever sends it byte by byte holds a connection, and no more. */
const BODY_TIMEOUT_MS = 5_000;
/** After an answer to a body that had not come to its end, its connection lives so much longer, in ms. */
const LINGER_MS = 1_000;

/**
 * Reads the body of a request within limits of size and time, and never decodes it. Always resolves, at
 * the latest after 5 s; null where somebody has read from it before.
 */
export function readCallbackBytes(request: IncomingMessage): Promise<CallbackBytes | null> {
  if (request.readableDidRead) return Promise.resolve(null);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer | string) => {
      const bytes = Buffer.from(chunk as Buffer);
      if (length < MAX_CALLBACK_BYTES) chunks.push(bytes.subarray(0, MAX_CALLBACK_BYTES - length));
      length += bytes.length;
      if (length > DISCARDED_BYTES) finish(false);
    };
    const onEnd = () => {
      finish(true);
    };
    const onGone = () => {
      finish(false);
    };
    const finish = (complete: boolean) => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone);
      if (!complete) hangUp(request);
      const tooLong = length > MAX_CALLBACK_BYTES;
      resolve({
        bytes: Buffer.concat(chunks),
        problem: tooLong
          ? `the body is longer than ${MAX_CALLBACK_BYTES} bytes`
          : complete
            ? problemOfHeaders(request.headers)
            : 'the body did not come to its end',
      });
    };
    // Where this process was busy for long, what has arrived meanwhile is read before the time is up.
    const timer = setTimeout(() => setImmediate(onGone), BODY_TIMEOUT_MS);
    request.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
  });
}

/** Nobody reads the rest, and it must not hold its connection. */
function hangUp(request: IncomingMessage): void {
  request.on('error', () => {});
  request.pause();
  setTimeout(() => {
    if (!request.complete) request.destroy();
  }, LINGER_MS).unref();
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

function problemOfHeaders(headers: IncomingHttpHeaders): string | null {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') return 'the body is compressed';
  const type = headers['content-type'] ?? '';
  if (!JSON_TYPE.test(type)) return 'the content type is not JSON';
  const charset = CHARSET.exec(type)?.[1] ?? 'utf-8';
  return /^(?:utf-?8|us-ascii)$/i.test(charset) ? null : 'the charset is not UTF-8';
}
