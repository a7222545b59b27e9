import type { Exchange } from './exchange.js';

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Whether a page of this emulator asks, or no page at all. Another site can give its own name this
 * machine's address, and would then read the phones: the `Host` that a browser sends tells.
 */
export const isOwnPage = (exchange: Exchange): boolean => {
  const host = exchange.header('host');
  const origin = exchange.header('origin');
  return LOOPBACK.test(host) && (origin === '' || origin === `http://${host}`);
};
