import type { DarajaReply } from './daraja-response.builder.js';
import type { Exchange } from './exchange.js';

/**
 * A request that the emulator got, whatever it answered. Bodies are kept whole, with Password and
 * phone number: it is play money, but do not print them from an application's real configuration.
 * @publicApi
 */
export interface EmulatorRequest {
  /** ms since 1970, by the emulator's clock. */
  readonly at: number;
  /** In capitals. */
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  /** The query string, by name. */
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. Of `authorization` only the scheme is kept. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed if it is JSON, else as text; null if there was none, or it did not arrive whole. */
  readonly body: unknown;
  /** Null while there is none, and where the connection was to break instead. An access token is not kept. */
  readonly answer: { readonly status: number; readonly body: unknown } | null;
}

/** The emulator's own record: the answer comes later. */
export type OpenRequest = { -readonly [K in keyof EmulatorRequest]: EmulatorRequest[K] };

const parsed = (text: string | null): unknown => {
  if (text === null || text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

export const recordOf = (at: number, exchange: Exchange, body: string | null): OpenRequest => {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(exchange.request.headers)) {
    headers[name] = String(value);
  }
  if (headers.authorization) {
    headers.authorization = `${headers.authorization.split(' ', 1)[0] ?? ''} ***`;
  }
  return {
    at,
    method: exchange.method,
    path: exchange.path,
    query: Object.fromEntries(exchange.query),
    headers,
    body: parsed(body),
    answer: null,
  };
};

export const answerOf = ({ status, body: text }: DarajaReply): EmulatorRequest['answer'] => {
  const body = parsed(text);
  const isToken = typeof body === 'object' && body !== null && 'access_token' in body;
  return { status, body: isToken ? { ...body, access_token: '***' } : body };
};
