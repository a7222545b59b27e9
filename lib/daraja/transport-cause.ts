const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'connection-refused'],
  [/^(ENOTFOUND|EAI_\w+)$/, 'dns'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE)$/, 'connection-reset'],
  [/^(ETIMEDOUT|ECONNECTTIMEOUT)$/, 'connect-timeout'],
  [/^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL)$/, 'unreachable'],
  [/^(EPROTO|ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/, 'tls'],
  [/^HPE_/, 'invalid-http'],
  [/^ERESPONSETOOLARGE$/, 'response-too-large'],
];

/**
 * One word for why a call broke, from the error's code alone. The error itself, its message and its
 * properties hold the request with its secrets and go no further.
 */
export function transportCause(error: unknown): string {
  const code = codeOf(error);
  return CAUSES.find(([pattern]) => pattern.test(code))?.[1] ?? 'network';
}

/** Axios keeps some codes for itself and the system's one in the error below. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code !== '' && !code.startsWith('ERR_BAD_')) return code;
  return 'cause' in error ? codeOf(error.cause) : code;
}
