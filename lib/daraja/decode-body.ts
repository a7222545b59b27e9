import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** Past this it is no answer of Daraja's. */
export const MAX_BODY_BYTES = 64 * 1024;

const DECODERS: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/**
 * The text of a body. Nobody is asked to compress; what stands between may do it all the same.
 * @throws an error with the code `ERR_BUFFER_TOO_LARGE` past 64 KiB, or of zlib where it is broken
 */
export function decodeBody(body: Buffer, encoding: unknown): string {
  const decode =
    typeof encoding === 'string' && Object.hasOwn(DECODERS, encoding) && DECODERS[encoding];
  return (decode ? decode(body, { maxOutputLength: MAX_BODY_BYTES }) : body).toString('utf8');
}
