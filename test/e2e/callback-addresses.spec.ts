import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { INestApplication } from '@nestjs/common';
import { MpesaConfigError } from '../../lib/mpesa-config.error.js';
import type { MpesaCallbackOptions } from '../../lib/mpesa.options.js';
import { ACCEPTED, CallbackApp, callbackModule, JSON_TYPE } from '../support/callback-app.js';
import { paidBody } from '../support/callback-parts.js';

type Trust = boolean | number | string | string[] | ((address: string, hop: number) => boolean);

const SAFARICOM = '196.201.214.200';

/** An application that trusts these proxies, in the way of its framework. */
const start = (platform: string, callback: Partial<MpesaCallbackOptions>, trust: Trust = false) => {
  const adapter: AbstractHttpAdapter =
    platform === 'Express'
      ? new ExpressAdapter()
      : new FastifyAdapter({ trustProxy: trust as boolean });
  return CallbackApp.start(adapter, callbackModule({ callback }), (app: INestApplication) => {
    if (platform === 'Express') (app as NestExpressApplication).set('trust proxy', trust);
  });
};

describe.each(['Express', 'Fastify'])('row 35: the address of the sender on %s', (platform) => {
  let shop: CallbackApp | undefined;

  afterEach(async () => {
    await shop?.close();
    shop = undefined;
  });

  /** Posts an honest body with this chain of addresses before it. */
  const status = async (chain?: string, headers: object = {}) => {
    const { id, token } = await shop!.pending();
    const forwarded = chain === undefined ? {} : { 'x-forwarded-for': chain };
    const all = { ...JSON_TYPE, ...forwarded, ...headers };
    expect(await shop!.post(`/stk/callback/${token}`, paidBody(id), all)).toEqual(ACCEPTED);
    return shop!.statusOf(id);
  };

  it('is the connection’s, whatever the sender writes', async () => {
    shop = await start(platform, { ipPolicy: 'enforce' });
    expect(await status()).toBe('pending');
    expect(await status(SAFARICOM)).toBe('pending');
    expect(await status(`${SAFARICOM}, ${SAFARICOM}`)).toBe('pending');
    const others = {
      'x-real-ip': SAFARICOM,
      'cf-connecting-ip': SAFARICOM,
      forwarded: `for=${SAFARICOM}`,
    };
    expect(await status(undefined, others)).toBe('pending');
    expect(shop.quarantined()).toEqual(
      Array(4).fill('source-address: its address is none of callback.allowedIps'),
    );
  });

  it('is what the trusted proxy saw, and not what came to it', async () => {
    shop = await start(platform, { ipPolicy: 'enforce' }, 'loopback');
    expect(await status(SAFARICOM)).toBe('completed');
    expect(await status(`203.0.113.9, ${SAFARICOM}`)).toBe('completed');
    expect(await status(`::ffff:${SAFARICOM}`)).toBe('completed');
    expect(await status(`${SAFARICOM}, 203.0.113.9`)).toBe('pending');
    expect(await status('unknown')).toBe('pending');
    expect(await status('')).toBe('pending');
  });

  it('never stands in for a token', async () => {
    shop = await start(platform, { ipPolicy: 'enforce' }, 'loopback');
    const { id } = await shop.pending();
    const headers = { ...JSON_TYPE, 'x-forwarded-for': SAFARICOM };
    expect(await shop.post(`/stk/callback/${'A'.repeat(43)}`, paidBody(id), headers)).toEqual(
      ACCEPTED,
    );
    expect(await shop.statusOf(id)).toBe('pending');
    expect(shop.quarantined()).toEqual(['unknown-token: no attempt has this callback token']);
  });

  it('is of interest under warn alone, once, where the token was right', async () => {
    shop = await start(platform, {}, 'loopback');
    const warnings = () => shop!.logger.lines.filter((line) => line.includes('allowedIps'));
    await shop.post('/stk/callback/x', {}, { ...JSON_TYPE, 'x-forwarded-for': '203.0.113.8' });
    expect(await status(SAFARICOM)).toBe('completed');
    expect(await status()).toBe('completed');
    expect(warnings()).toEqual([]);
    expect(await status('203.0.113.9')).toBe('completed');
    expect(await status('203.0.113.9')).toBe('completed');
    expect(warnings()).toEqual([expect.stringContaining('203.0.113.9')]);
  });

  it.each<[string, Trust]>([
    ['true', true],
    ['every IPv4 address', ['0.0.0.0/1', '128.0.0.0/1']],
    ['half of all addresses', ['128.0.0.0/1']],
    ['every IPv6 address', ['::/1', '8000::/1']],
    ['a function that says yes', () => true],
  ])('lets no application start that enforces it and trusts %s', async (_what, trust) => {
    const started = start(platform, { ipPolicy: 'enforce' }, trust);
    await expect(started.then((app) => app.close())).rejects.toThrow(MpesaConfigError);
    await expect(start(platform, { ipPolicy: 'enforce' }, trust)).rejects.toThrow(
      /callback\.ipPolicy: is 'enforce'.*X-Forwarded-For.*trust proxy/,
    );
  });

  it.each<[string, Trust]>([
    ['nobody', false],
    ['one proxy', 1],
    ['its own network', ['10.0.0.0/8', 'loopback']],
    ['a function that looks', (address) => address === '127.0.0.1'],
  ])('lets one start that enforces it and trusts %s', async (_what, trust) => {
    shop = await start(platform, { ipPolicy: 'enforce' }, trust);
    expect(await status('203.0.113.9')).toBe('pending');
  });

  it('lets one start that trusts every proxy and only warns', async () => {
    shop = await start(platform, { ipPolicy: 'warn' }, true);
    expect(await status(SAFARICOM)).toBe('completed');
  });
});
