import { type AxiosAdapter, AxiosError, AxiosHeaders } from 'axios';
import type { Dispatcher } from 'undici';
import { decodeBody } from './decode-body.js';
import type { HttpExchange } from './http-exchange.js';

/**
 * An adapter of axios for Daraja's calls, over undici: without redirects, proxies, progress, forms and
 * streams, which these calls have no use for and which take most of the time of its own. Answers with
 * the text of the body.
 */
export const darajaAdapter =
  (exchange: HttpExchange, dispatcher: Dispatcher): AxiosAdapter =>
  async (config) => {
    const url = new URL(config.url ?? '');
    try {
      const { body, ...head } = await exchange.open(dispatcher, {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: config.method?.toUpperCase() ?? 'GET',
        headers: config.headers.toJSON() as Record<string, string>,
        body: config.data as string | undefined,
      });
      return {
        ...head,
        data: decodeBody(body, head.headers['content-encoding']),
        headers: new AxiosHeaders(head.headers as Record<string, string>),
        config,
      };
    } catch (error) {
      throw AxiosError.from(error, (error as NodeJS.ErrnoException).code, config);
    }
  };
