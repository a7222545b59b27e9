import { finished, type Readable } from 'node:stream';

const MAX_BYTES = 64 * 1024;

/**
 * The whole stream as text.
 * @throws an error with the code `ERESPONSETOOLARGE` past 64 KiB, having closed the stream
 */
export function readText(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    // Also where it had ended, or was cut, before anybody listened.
    finished(stream, (error) => {
      if (error) reject(error);
      else resolve(Buffer.concat(chunks).toString('utf8'));
    });
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= MAX_BYTES) return;
      const code = 'ERESPONSETOOLARGE';
      stream.destroy(Object.assign(new Error('Answer too large'), { code }));
    });
  });
}
