import { isIPv4 } from 'node:net';
import { SAFARICOM_CALLBACK_IPS } from '../../../lib/callback/safaricom-callback-ips.js';

describe('SAFARICOM_CALLBACK_IPS', () => {
  it('is the published list of 12 addresses, which nobody can change', () => {
    expect(new Set(SAFARICOM_CALLBACK_IPS).size).toBe(12);
    expect(SAFARICOM_CALLBACK_IPS.every((ip) => isIPv4(ip))).toBe(true);
    expect(Object.isFrozen(SAFARICOM_CALLBACK_IPS)).toBe(true);
  });

  it.each(['196.201.212.69', '196.201.214.200'])('has %s, seen on real callbacks', (ip) => {
    expect(SAFARICOM_CALLBACK_IPS).toContain(ip);
  });
});
