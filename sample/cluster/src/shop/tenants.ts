import { EMULATOR_ACCOUNT } from 'nestjs-mpesa/testing';

/**
 * Two shops that this application serves, each paid on a shortcode of its own. They exist on the emulator
 * alone; yours are in a table or a vault, which `accounts` can look up.
 */
export const TENANTS = {
  duka: EMULATOR_ACCOUNT,
  soko: {
    consumerKey: 'soko-consumer-key',
    consumerSecret: 'soko-consumer-secret',
    shortCode: '600222',
    passKey: 'soko-pass-key',
  },
} as const;

export type Tenant = keyof typeof TENANTS;

export const isTenant = (name: string): name is Tenant => Object.hasOwn(TENANTS, name);
