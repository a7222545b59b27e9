import { setTimeout as delay } from 'node:timers/promises';
import type { CircuitBreakers } from './circuit-breakers.js';
import type { DarajaAccount } from './daraja-account.js';
import type { DarajaFailure } from './daraja-answer.js';
import type { DarajaHttp } from './daraja-http.js';
import { DarajaAuthError, DarajaThrottledError, DarajaUnavailableError } from './daraja.errors.js';
import { asText, parseErrorBody, parseJsonBody } from './error-body.js';
import { isSuccess } from './http-result.js';
import type { HttpAnswer, HttpResult } from './http-result.js';
import { transportFailure } from './transport-failure.js';

/** One app on one Daraja. */
export type DarajaCredentials = Pick<DarajaAccount, 'baseUrl' | 'consumerKey' | 'consumerSecret'>;

export interface RequestedToken {
  token: string;
  expiresInMs: number;
}

/** What Daraja says of every token, in seconds (portal, Authorization page). */
const USUAL_LIFETIME_S = 3599;

/**
 * Asks Daraja for an access token; once more where the connection broke, as this request may be
 * repeated.
 * @throws DarajaAuthError, DarajaThrottledError, DarajaUnavailableError
 */
export async function requestToken(
  http: DarajaHttp,
  circuits: CircuitBreakers,
  credentials: DarajaCredentials,
): Promise<RequestedToken> {
  const open = circuits.enter(credentials, 'token');
  if (open) throw new DarajaUnavailableError(open, NOT_SENT);
  let result = await ask(http, credentials);
  // After a time-out the callers have waited long enough.
  if (result.kind === 'failure' && !result.cause.endsWith('timeout')) {
    await delay(100 + Math.random() * 200);
    result = await ask(http, credentials);
  }
  circuits.record(credentials, 'token', result);
  return readToken(result);
}

function ask(
  http: DarajaHttp,
  { baseUrl, consumerKey, consumerSecret }: DarajaCredentials,
): Promise<HttpResult> {
  const basic = Buffer.from(`${consumerKey}:${consumerSecret}`, 'utf8').toString('base64');
  return http.send({
    endpoint: 'token',
    method: 'GET',
    url: `${baseUrl}/oauth/v1/generate?grant_type=client_credentials`,
    headers: { Authorization: `Basic ${basic}` },
  });
}

/** Without a token no push was tried. */
const NOT_SENT = { outcome: 'not-sent' } as const;

function readToken(result: HttpResult): RequestedToken {
  if (result.kind === 'failure') {
    throw new DarajaUnavailableError(transportFailure(result).failure, NOT_SENT);
  }
  const body = parseJsonBody(result.text);
  const token = asText(body?.access_token);
  // What is not printable ASCII cannot be sent back in a header.
  if (isSuccess(result.status) && /^[\x21-\x7e]+$/.test(token)) {
    return { token, expiresInMs: lifetimeS(body?.expires_in) * 1000 };
  }
  const failure = parseErrorBody(result, body);
  if (refusesCredentials(result, failure)) throw new DarajaAuthError(failure, NOT_SENT);
  if (isThrottled(failure)) throw new DarajaThrottledError(failure, NOT_SENT);
  throw new DarajaUnavailableError(failure, NOT_SENT);
}

/** A string on the Daraja 2.0 pages, a number on those of 3.0. */
function lifetimeS(expiresIn: unknown): number {
  const seconds = Number(asText(expiresIn));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : USUAL_LIFETIME_S;
}

/** Wrong credentials were seen as an empty 400, as 400.008.*, and as a 403 page of the edge. */
function refusesCredentials({ status }: HttpAnswer, { errorCode, cause }: DarajaFailure): boolean {
  if (status === 401 || status === 403) return true;
  return status === 400 && (cause === 'empty-body' || (errorCode ?? '').startsWith('400.008.'));
}

const isThrottled = ({ httpStatus, errorMessage }: DarajaFailure): boolean =>
  httpStatus === 429 || /spike arrest/i.test(errorMessage);
