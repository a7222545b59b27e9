import type { DarajaFailure } from './daraja-answer.js';

/** Codes that say "Invalid Access Token" whatever the HTTP status. */
const ANYWHERE = new Set(['404.001.03', '400.003.01']);
/** Codes that say so with a 401. */
const WITH_401 = new Set(['401.002.01', '401.003.01']);
const TEXT = /invalid access token|no apiproduct match found/i;

/**
 * Whether Daraja refused the access token. On M-Pesa Express that is a 404 (`404.001.03`, Daraja 3.0
 * portal); other shapes were recorded, and a product that is not ticked on the app looks the same.
 */
export function isInvalidToken({
  httpStatus,
  errorCode,
  errorMessage,
  cause,
}: DarajaFailure): boolean {
  if (errorCode !== null && ANYWHERE.has(errorCode)) return true;
  if (httpStatus !== 401 || cause === 'html') return false;
  if (errorCode !== null && WITH_401.has(errorCode)) return true;
  return TEXT.test(errorMessage) || isGatewayFault(cause, errorCode);
}

/** Apigee's own 401 comes from its token check, before anything is passed on. */
const isGatewayFault = (cause: string, errorCode: string | null): boolean =>
  cause === 'gateway-fault' || /^(oauth|keymanagement)\./.test(errorCode ?? '');
