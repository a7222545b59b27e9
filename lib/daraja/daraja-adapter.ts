import type { ClientRequest, IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import { type Readable, type Transform, pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type AxiosAdapter, AxiosError, AxiosHeaders } from 'axios';

/** Makes the request itself. */
export type OpenRequest = (
  options: RequestOptions,
  onAnswer: (answer: IncomingMessage) => void,
) => ClientRequest;

/**
 * An adapter of axios for Daraja's calls: what its own does with `node:http`, without redirects, proxies,
 * progress, forms and limits, which these calls have no use for and which take most of its time. Answers
 * with the stream of the body.
 */
export const darajaAdapter =
  (open: OpenRequest): AxiosAdapter =>
  (config) =>
    new Promise((resolve, reject) => {
      const url = new URL(config.url ?? '');
      const agent: unknown = url.protocol === 'https:' ? config.httpsAgent : config.httpAgent;
      const request = open(
        {
          protocol: url.protocol,
          hostname: url.hostname,
          port: url.port,
          path: `${url.pathname}${url.search}`,
          method: config.method?.toUpperCase(),
          headers: config.headers.toJSON(),
          agent: agent as RequestOptions['agent'],
        },
        (answer) => {
          // An error costs more than it looks: it is made only where it can be told.
          request.off('close', onClose);
          resolve({
            data: decoded(answer),
            status: answer.statusCode ?? 0,
            statusText: answer.statusMessage ?? '',
            headers: new AxiosHeaders(answer.headers as Record<string, string>),
            config,
            request,
          });
        },
      );
      request.once('error', (error: NodeJS.ErrnoException) => {
        reject(AxiosError.from(error, error.code, config, request));
      });
      // Whatever else ends it: a call of which nothing is ever heard would hold its attempt for good.
      const onClose = (): void => {
        reject(new AxiosError('The connection is closed', 'ECONNRESET', config, request));
      };
      request.once('close', onClose);
      request.end(config.data);
    });

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Nobody is asked to compress; what stands between may do it all the same. */
function decoded(answer: IncomingMessage): Readable {
  const encoding = answer.headers['content-encoding'] ?? '';
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding]?.() : undefined;
  // What breaks on the way breaks the decoder, which is what is read.
  return decoder ? pipeline(answer, decoder, () => undefined) : answer;
}
