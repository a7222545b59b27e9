import { BlockList, isIP } from 'node:net';
import { Injectable, Logger } from '@nestjs/common';

/**
 * What to do about a callback from an address that is not allowed.
 * @publicApi
 */
export type StkIpPolicy = 'off' | 'warn' | 'enforce';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const LOOPBACK = /^(?:127\.|::1$)/;

/** Each address is warned of once, and not more of them than this. */
const WARNED_ADDRESSES = 100;

/** An address in its one form: IPv4 that is written as IPv6 made plain. Null for what is no address. */
export function readAddress(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const address = MAPPED.exec(value)?.[1] ?? value;
  return isIP(address) && !address.includes('%') ? address : null;
}

/** An address, or a block of them in CIDR notation; null for anything else. */
export function readBlock(value: unknown): { address: string; bits: number } | null {
  if (typeof value !== 'string') return null;
  const [network = '', prefix, ...rest] = value.split('/');
  const family = isIP(network);
  const widest = family === 4 ? 32 : 128;
  if (!family || network.includes('%') || rest.length > 0) return null;
  if (prefix === undefined) return { address: network, bits: widest };
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : NaN;
  return bits <= widest ? { address: network, bits } : null;
}

/** Settings of `SourceAddresses`, resolved. */
export interface SourceAddressSettings {
  readonly ipPolicy: StkIpPolicy;
  readonly allowedIps: readonly string[];
  /** Whether a callback from this very machine is nothing to talk about. */
  readonly loopbackExpected: boolean;
}

/**
 * Where callbacks may come from. An address never proves anything; it can only be a reason to set a
 * callback aside.
 */
@Injectable()
export class SourceAddresses {
  private readonly logger = new Logger('StkCallbackService');
  private readonly allowed = new BlockList();
  private readonly warned = new Set<string>();

  constructor(private readonly settings: SourceAddressSettings) {
    for (const block of settings.allowedIps.map(readBlock)) {
      if (!block) continue;
      this.allowed.addSubnet(
        block.address,
        block.bits,
        isIP(block.address) === 4 ? 'ipv4' : 'ipv6',
      );
    }
  }

  /** Whether a callback from there is looked at; one of unknown origin is not, where it matters. */
  admits(address: string | null): boolean {
    return this.settings.ipPolicy !== 'enforce' || this.isAllowed(address);
  }

  /** Says once of an address that callbacks with a right token come from there. */
  noteTrusted(address: string | null): void {
    if (this.settings.ipPolicy !== 'warn' || address === null || this.isAllowed(address)) return;
    if (this.settings.loopbackExpected && LOOPBACK.test(address)) return;
    if (this.warned.has(address) || this.warned.size >= WARNED_ADDRESSES) return;
    this.warned.add(address);
    this.logger.warn(
      `A callback with the right token came from ${address}, which callback.allowedIps does not have. ` +
        'Is it a proxy of yours? Then let the framework trust it (trust proxy, trustProxy). ' +
        'If not, the token of an attempt may be known to others.',
    );
  }

  private isAllowed(address: string | null): boolean {
    if (address === null) return false;
    return this.allowed.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
}
