import type { Exchange } from './exchange.js';

/** What a page sends; null where it is no JSON object. */
export type PageBody = Record<string, unknown> | null;

/**
 * The body of a page's POST; null when it was refused, and answered. Another site's form cannot send
 * JSON without asking first, and is never given leave.
 */
export const readPageBody = async (exchange: Exchange): Promise<PageBody> => {
  if (!exchange.isJson()) {
    await exchange.sendJson(415, { message: 'Send application/json.' });
    return null;
  }
  const body = parse(await exchange.readBody());
  if (body === null) await exchange.sendJson(400, { message: 'That is not a JSON object.' });
  return body;
};

/** An empty body counts as an empty object. */
const parse = (text: string): PageBody => {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    return typeof value === 'object' ? (value as PageBody) : null;
  } catch {
    return null;
  }
};
