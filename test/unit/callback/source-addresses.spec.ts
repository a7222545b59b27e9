import { Logger } from '@nestjs/common';
import { SAFARICOM_CALLBACK_IPS } from '../../../lib/callback/safaricom-callback-ips.js';
import {
  readAddress,
  readBlock,
  SourceAddresses,
  type SourceAddressSettings,
} from '../../../lib/callback/source-addresses.js';
import { RecordingLogger } from '../../support/recording-logger.js';

const addresses = (settings: Partial<SourceAddressSettings>) =>
  new SourceAddresses({
    ipPolicy: 'enforce',
    allowedIps: SAFARICOM_CALLBACK_IPS,
    loopbackExpected: false,
    ...settings,
  });

describe('readAddress', () => {
  it.each([
    ['196.201.214.200', '196.201.214.200'],
    ['::ffff:196.201.214.200', '196.201.214.200'],
    ['::FFFF:196.201.214.200', '196.201.214.200'],
    ['2001:db8::1', '2001:db8::1'],
    ['196.201.214.200, 10.0.0.1', null],
    ['196.201.214.200:443', null],
    ['fe80::1%eth0', null],
    ['', null],
    [undefined, null],
    [['196.201.214.200'], null],
  ])('reads %j as %j', (value, address) => {
    expect(readAddress(value)).toBe(address);
  });
});

describe('readBlock', () => {
  it.each([
    ['196.201.212.0/22', { address: '196.201.212.0', bits: 22 }],
    ['10.1.2.3', { address: '10.1.2.3', bits: 32 }],
    ['2001:db8::/32', { address: '2001:db8::', bits: 32 }],
    ['::1', { address: '::1', bits: 128 }],
    ['10.1.2.3/32', { address: '10.1.2.3', bits: 32 }],
    ['::1/128', { address: '::1', bits: 128 }],
    ['10.0.0.0/33', null],
    ['10.0.0.0/8x', null],
    ['10.0.0.0/0008', null],
    ['', null],
    ['10.0.0.0/-1', null],
    ['10.0.0.0/', null],
    ['10.0.0.0/8/8', null],
    ['10.0.0/8', null],
    ['*', null],
    [7, null],
  ])('reads %j', (value, block) => {
    expect(readBlock(value)).toEqual(block);
  });
});

describe('SourceAddresses', () => {
  it.each([
    ['196.201.214.200', true],
    ['196.201.214.201', false],
    ['::ffff:c4c9:d6c8', true],
    ['::ffff:c4c9:d6c9', false],
    ['2001:db8::1', false],
    ['127.0.0.1', false],
    [null, false],
  ])('admits %s under enforce: %p', (address, admitted) => {
    expect(addresses({}).admits(address)).toBe(admitted);
    expect(addresses({ ipPolicy: 'warn' }).admits(address)).toBe(true);
    expect(addresses({ ipPolicy: 'off' }).admits(address)).toBe(true);
  });

  it('takes blocks of both families', () => {
    const some = addresses({ allowedIps: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'] });
    expect(some.admits('10.255.0.1')).toBe(true);
    expect(some.admits('::ffff:a01:203')).toBe(true);
    expect(some.admits('2001:db8:ffff::1')).toBe(true);
    expect(some.admits('192.0.2.7')).toBe(true);
    expect(some.admits('11.0.0.1')).toBe(false);
    expect(some.admits('2001:db9::1')).toBe(false);
  });

  it('leaves out of its list what is no block', () => {
    expect(addresses({ allowedIps: ['*', '192.0.2.7'] }).admits('192.0.2.7')).toBe(true);
  });

  describe('warns', () => {
    let logger: RecordingLogger;

    beforeEach(() => {
      logger = new RecordingLogger();
      Logger.overrideLogger(logger);
    });

    afterEach(() => {
      Logger.overrideLogger(false);
    });

    it('once an address, of 100 addresses', () => {
      const warning = addresses({ ipPolicy: 'warn' });
      for (let last = 0; last < 250; last += 1) {
        warning.noteTrusted(`10.0.0.${last}`);
        warning.noteTrusted(`10.0.0.${last}`);
      }
      expect(logger.lines).toHaveLength(100);
      expect(logger.lines[0]).toBe(
        'warn A callback with the right token came from 10.0.0.0, which callback.allowedIps does not ' +
          'have. Is it a proxy of yours? Then let the framework trust it (trust proxy, trustProxy). ' +
          'If not, the token of an attempt may be known to others. StkCallbackService',
      );
    });

    it.each([
      ['of another than this machine where the emulator is expected', true, '10.0.0.1'],
      ['of this machine where it is not', false, '127.0.0.1'],
      ['of this machine where it is not', false, '::1'],
    ])('%s', (_what, loopbackExpected, address) => {
      addresses({ ipPolicy: 'warn', loopbackExpected }).noteTrusted(address);
      expect(logger.lines).toHaveLength(1);
    });

    it.each([
      ['of an allowed one', { ipPolicy: 'warn' }, '196.201.214.200'],
      ['of an unknown one', { ipPolicy: 'warn' }, null],
      ['of the emulator', { ipPolicy: 'warn', loopbackExpected: true }, '127.0.0.1'],
      ['when off', { ipPolicy: 'off' }, '10.0.0.1'],
    ] as const)('not %s', (_what, settings, address) => {
      addresses(settings).noteTrusted(address);
      expect(logger.lines).toEqual([]);
    });
  });
});
