import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { describeError } from '../../redaction/describe-error.js';
import { codeOf } from './code-of.js';
import { findingsOf, type Finding } from './finding.js';
import { darajaTlsAdvice } from './tls-advice.js';

const DNS = findingsOf('dns');
const TLS = findingsOf('tls');
/** A certificate that ends sooner is worth a word. */
const SOON_MS = 14 * 24 * 3_600_000;

/** Whether the name of Daraja's host is known here. */
export async function checkDns({ hostname }: URL): Promise<Finding> {
  try {
    const addresses = await lookup(bare(hostname), { all: true });
    return DNS.ok(`${hostname} is ${addresses.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    return DNS.fail(
      `${hostname} is not found: ${describeError(error)}`,
      'Check baseUrl, and the name servers of this host.',
    );
  }
}

/** Whether Daraja's host proves itself to this one. */
export async function checkTls(url: URL, signal: AbortSignal): Promise<Finding> {
  if (url.protocol === 'http:') return TLS.ok('none: baseUrl is plain http on this machine');
  const host = bare(url.hostname);
  // No name is sent for an address.
  const servername = isIP(host) ? undefined : host;
  const socket = connect({ host, servername, port: Number(url.port || 443) });
  try {
    await once(socket, 'secureConnect', { signal });
    const end = new Date(socket.getPeerCertificate().valid_to);
    const what = `${socket.getProtocol() ?? 'TLS'}, certificate until ${end.toISOString().slice(0, 10)}`;
    return end.getTime() - Date.now() < SOON_MS
      ? TLS.warn(what, 'Nothing yet; if it is a proxy of yours, renew its certificate.')
      : TLS.ok(what);
  } catch (error) {
    return TLS.fail(
      `no secure connection to ${url.host}: ${describeError(error)}`,
      darajaTlsAdvice(codeOf(error)),
    );
  } finally {
    socket.destroy();
  }
}

/** Without the brackets of an IPv6 address. */
const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');
