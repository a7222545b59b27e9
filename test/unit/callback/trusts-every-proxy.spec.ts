import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { trustsEveryProxy } from '../../../lib/callback/trusts-every-proxy.js';

const onExpress = (setting: unknown): boolean => {
  const adapter = new ExpressAdapter();
  if (setting !== undefined) adapter.set('trust proxy', setting);
  return trustsEveryProxy(adapter);
};

const onFastify = (trustProxy: unknown): boolean =>
  trustsEveryProxy(new FastifyAdapter({ trustProxy: trustProxy as boolean }));

const anAdapter = (type: string, instance: unknown) =>
  ({ getType: () => type, getInstance: () => instance }) as ExpressAdapter;

const toPrivate = (address: string): boolean => address.startsWith('10.');
const toOne = (address: string): boolean => address === '203.0.113.1';
const toAll = (): boolean => true;

/** The setting, and whether an application with it believes whoever connects. */
const SETTINGS: [setting: unknown, trustsAll: boolean][] = [
  [undefined, false],
  [false, false],
  [true, true],
  [1, false],
  ['10.0.0.0/8', false],
  ['10.0.0.1', false],
  ['203.0.113.1', false],
  ['128.0.0.0/1', true],
  ['10.0.0.0/8, 0.0.0.0/1', false],
  ['10.0.0.0/8, 128.0.0.0/1', true],
  [['10.0.0.0/8'], false],
  [['10.0.0.0/8', '192.0.0.0/4'], true],
  ['::/1', true],
  ['fd00::/8', false],
  [['fd00::/8', '2000::/3'], true],
  [toPrivate, false],
  [toOne, true],
  [toAll, true],
];

describe('trustsEveryProxy', () => {
  // Of Express is asked what it trusts: the one address as well, which Fastify's options do not tell.
  it.each(SETTINGS.filter(([setting]) => setting !== '203.0.113.1'))(
    'of Express with %p is %p',
    (setting, expected) => {
      expect(onExpress(setting)).toBe(expected);
    },
  );

  it.each(SETTINGS)('of Fastify with %p is %p', (setting, expected) => {
    expect(onFastify(setting)).toBe(expected);
  });

  it.each([{}, { get: toAll }, { [Symbol('fastify.options')]: undefined }])(
    'is false of an adapter that is neither, and of one without options (%p)',
    (instance) => {
      const adapter = (type: string) => anAdapter(type, instance);
      expect(trustsEveryProxy(adapter('uws'))).toBe(false);
      expect(trustsEveryProxy(adapter('fastify'))).toBe(false);
    },
  );

  it('reads the options of Fastify, and no others', () => {
    const instance = {
      [Symbol('fastify.state')]: { trustProxy: true },
      [Symbol('fastify.options')]: { trustProxy: false },
    };
    expect(trustsEveryProxy(anAdapter('fastify', instance))).toBe(false);
  });
});
