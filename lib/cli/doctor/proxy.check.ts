import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { readAddress } from '../../callback/source-addresses.js';
import { describeError } from '../../redaction/describe-error.js';
import { codeOf } from './code-of.js';
import { findingsOf, type Finding } from './finding.js';
import { probe } from './probe.js';

const PATH = findingsOf('proxy-path');
const BODY = findingsOf('proxy-body');
const ADDRESS = findingsOf('proxy-address');

interface Seen {
  path: string;
  body: string;
  peer: string;
  forwardedFor: string;
}

/**
 * Stands on the application's port in its place, posts to the callback URL, and looks at what arrives:
 * path, body and address as the application would see them.
 */
export async function checkProxy(
  callbackUrl: string,
  port: number,
  signal: AbortSignal,
): Promise<Finding[]> {
  const nonce = randomUUID();
  const body = JSON.stringify({ probe: nonce });
  let seen: Seen | undefined;
  const server = createServer((request, response) => {
    void look(request).then((sight) => {
      if (sight.path.endsWith(`/${nonce}`)) seen = sight;
      response.end();
    });
  });
  try {
    server.listen(port);
    await once(server, 'listening');
  } catch (error) {
    return [PATH.fail(`cannot stand on port ${port}: ${describeError(error)}`, whyNot(error))];
  }
  try {
    const answer = await probe(callbackUrl, nonce, body, signal);
    if (seen) return [pathOf(seen, callbackUrl, nonce), bodyOf(seen, body), addressOf(seen)];
    const told = 'code' in answer ? answer.what : `the proxy answered ${answer.status}`;
    return [
      PATH.fail(
        `nothing arrived on port ${port}: ${told}`,
        'Let the proxy pass POSTs of this path on to that port, the path as it is.',
      ),
    ];
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const whyNot = (error: unknown): string =>
  codeOf(error) === 'EADDRINUSE'
    ? 'Stop the application first: doctor stands in its place.'
    : 'Give the port on which the application listens, and its rights.';

const look = async (request: IncomingMessage): Promise<Seen> => ({
  path: request.url ?? '',
  peer: readAddress(request.socket.remoteAddress) ?? 'an unknown address',
  forwardedFor: String(request.headers['x-forwarded-for'] ?? ''),
  body: await text(request).catch(() => ''),
});

function pathOf({ path }: Seen, callbackUrl: string, nonce: string): Finding {
  const arrived = path.slice(0, -nonce.length - 1);
  const sent = new URL(callbackUrl).pathname.replace(/\/$/, '');
  return arrived === sent
    ? PATH.ok(`${arrived} arrives as it was sent`)
    : PATH.warn(
        `${sent} arrives as ${arrived}`,
        `Mount the route there: global prefix and callbackPath together must be ${arrived}.`,
      );
}

const bodyOf = (seen: Seen, sent: string): Finding =>
  seen.body === sent
    ? BODY.ok('the body arrives as it was sent')
    : BODY.fail('the body arrives changed', 'Let the proxy pass bodies on as they are.');

function addressOf({ peer, forwardedFor }: Seen): Finding {
  if (forwardedFor === '') {
    return ADDRESS.ok(`${peer} asks, without X-Forwarded-For: trust no proxy, or have it sent`);
  }
  return ADDRESS.ok(
    `${peer} asks for ${forwardedFor}: trust ${peer} and what stands before it, and no more`,
  );
}
