import { BlockList } from 'node:net';
import type { AbstractHttpAdapter } from '@nestjs/core';

type TrustProxy = boolean | string | number | string[] | TrustFunction;
type TrustFunction = (address: string, hop: number) => boolean;

/** Addresses for documentation (RFC 5737, RFC 3849): nobody's proxy has one. */
const NOBODYS = ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1'];
/** More hops than any request has. */
const FAR = 1_000;

/**
 * Whether the HTTP adapter takes the word of whoever connects for where a request comes from. False where
 * that cannot be told.
 */
export function trustsEveryProxy(
  adapter: Pick<AbstractHttpAdapter, 'getType' | 'getInstance'>,
): boolean {
  const instance: unknown = adapter.getInstance();
  switch (adapter.getType()) {
    case 'express':
      return trustsNobodys((instance as { get(setting: string): unknown }).get('trust proxy fn'));
    case 'fastify':
      return trustsAll(fastifyTrustProxy(instance as object));
    default:
      return false;
  }
}

const trustsNobodys = (trust: unknown): boolean =>
  typeof trust === 'function' && NOBODYS.some((address) => (trust as TrustFunction)(address, FAR));

/** Fastify keeps its options under a symbol of its own, and shows others of them only. */
function fastifyTrustProxy(instance: object): TrustProxy | undefined {
  const key = Object.getOwnPropertySymbols(instance).find(
    ({ description }) => description === 'fastify.options',
  );
  const options = key && (instance as Record<symbol, { trustProxy?: TrustProxy } | undefined>)[key];
  return options?.trustProxy;
}

function trustsAll(trust: TrustProxy | undefined): boolean {
  if (trust === true) return true;
  if (typeof trust === 'function') return trustsNobodys(trust);
  const blocks = typeof trust === 'string' ? trust.split(',') : trust;
  return Array.isArray(blocks) && blocks.some((block) => holdsNobodys(block.trim()));
}

function holdsNobodys(block: string): boolean {
  const [network = '', bits] = block.split('/');
  if (bits === undefined) return false;
  const list = new BlockList();
  const family = network.includes(':') ? 'ipv6' : 'ipv4';
  list.addSubnet(network, Number(bits), family);
  return NOBODYS.some((address) => list.check(address, address.includes(':') ? 'ipv6' : 'ipv4'));
}
