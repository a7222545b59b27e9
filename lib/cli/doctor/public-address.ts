import { BlockList, isIP } from 'node:net';

const reserved = new BlockList();
const RESERVED = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const;
for (const [network, bits] of RESERVED) {
  reserved.addSubnet(network, bits, isIP(network) === 4 ? 'ipv4' : 'ipv6');
}

/** Whether an IP address can be reached from everywhere (RFC 6890). */
export const isPublicAddress = (address: string): boolean =>
  !reserved.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
