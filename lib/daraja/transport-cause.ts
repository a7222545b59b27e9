const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'connection-refused'],
  [/^(ENOTFOUND|EAI_\w+)$/, 'dns'],
  [
    /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_(SOCKET|RES_CONTENT_LENGTH_MISMATCH))$/,
    'connection-reset',
  ],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'connect-timeout'],
  [/^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL)$/, 'unreachable'],
  [/^(EPROTO|ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/, 'tls'],
  [/^(HPE_|HTTPParserError$|UND_ERR_HEADERS_OVERFLOW$)/, 'invalid-http'],
  [/^ERR_BUFFER_TOO_LARGE$/, 'response-too-large'],
];

/**
 * One word for why a call broke, from the error's code alone. The error itself, its message and its
 * properties hold the request with its secrets and go no further.
 */
export function transportCause(error: unknown): string {
  const code = codeOf(error);
  return CAUSES.find(([pattern]) => pattern.test(code))?.[1] ?? 'network';
}

/**
 * Axios keeps some codes for itself and the system's one in the error below; what is wrong with the HTTP of
 * an answer undici tells by name alone.
 */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, name, cause }: { code?: unknown; name?: unknown; cause?: unknown } = error;
  if (typeof code === 'string' && !code.startsWith('ERR_BAD_')) return code;
  if (cause !== undefined) return codeOf(cause);
  return typeof name === 'string' ? name : '';
}
