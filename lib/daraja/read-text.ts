import type { Readable } from 'node:stream';

const MAX_BYTES = 64 * 1024;

/**
 * The whole stream as text.
 * @throws an error with the code `ERESPONSETOOLARGE` past 64 KiB, having closed the stream
 */
export async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) {
      throw Object.assign(new Error('Answer too large'), { code: 'ERESPONSETOOLARGE' });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
