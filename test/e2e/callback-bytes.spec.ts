import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';
import { Body, Controller, Post, type RawBodyRequest, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AttemptStore } from '../../lib/attempts/attempt-store.js';
import { drawCallbackToken } from '../../lib/attempts/callback-token.js';
import type { InMemoryAttemptStore } from '../../lib/attempts/in-memory-attempt.store.js';
import { StkCallbackBody } from '../../lib/callback/stk-callback-body.decorator.js';
import type { StkCallbackRequest } from '../../lib/callback/stk-callback-request.js';
import { StkCallbackRoute } from '../../lib/callback/stk-callback-route.decorator.js';
import { StkCallbackService } from '../../lib/callback/stk-callback.service.js';
import { ACCEPTED, CallbackApp, callbackModule, JSON_TYPE } from '../support/callback-app.js';
import { paidBody } from '../support/callback-parts.js';
import { HTTP_PLATFORMS } from '../support/http-platforms.js';

const MIB = 1024 * 1024;

@Controller()
class OtherRoutes {
  /** Beside ours, and not ours. */
  @Post('stk/callbacks')
  echo(@Body() body: unknown): unknown {
    return { body };
  }
}

@Controller('hooks')
class HandMounted {
  constructor(private readonly callbacks: StkCallbackService) {}

  @StkCallbackRoute()
  receive(@StkCallbackBody() callback: StkCallbackRequest) {
    return this.callbacks.receive(callback);
  }

  @Post()
  own(@Req() request: RawBodyRequest<object>): unknown {
    return { rawBody: request.rawBody?.length ?? null };
  }
}

describe.each(HTTP_PLATFORMS)('what is posted to the callback route on %s', (platform, adapter) => {
  let shop: CallbackApp;

  afterEach(() => shop.close());

  describe('row 33: whatever the bytes are', () => {
    let id: string;
    let token: string;
    let url: string;

    beforeEach(async () => {
      shop = await CallbackApp.start(adapter(), callbackModule({}, [OtherRoutes]));
      ({ id, token } = await shop.pending());
      url = `/stk/callback/${token}`;
    });

    const paid = () => JSON.stringify(paidBody(id));
    const refused = async (reason: string | RegExp) => {
      expect(shop.quarantined()).toEqual([expect.stringMatching(reason)]);
      expect(await shop.store.find(id)).toMatchObject({
        status: 'pending',
        version: 3,
        review: [],
      });
      expect(shop.logger.lines.join('\n')).not.toContain(token);
    };

    const withItem = (json: string, item: string) => json.replace('"Item":[', `"Item":[${item},`);
    const BODIES: [what: string, of: (json: string) => string | Buffer, reason: string | RegExp][] =
      [
        ['nothing', () => '', 'is not JSON'],
        ['half of its JSON', (json) => json.slice(0, -9), 'is not JSON'],
        ['something after its JSON', (json) => `${json}}`, 'is not JSON'],
        ['text that is no JSON', () => 'ResultCode=0', 'is not JSON'],
        ['1 MiB', (json) => json + ' '.repeat(MIB), 'longer than 16384 bytes'],
        ['one byte too many', (json) => json.padEnd(16_385), 'longer than 16384 bytes'],
        [
          'bytes that are no UTF-8',
          (json) => Buffer.from(json.replace('The', '\xff'), 'latin1'),
          'not UTF-8',
        ],
        ['UTF-16', (json) => Buffer.from(json, 'utf16le'), 'is not JSON'],
        ['a depth of 5,000', () => '['.repeat(5_000) + ']'.repeat(5_000), 'nested deeper'],
        ['8,000 values', () => `[${'0,'.repeat(8_000)}0]`, 'more than'],
        ['a __proto__', (json) => json.replace('{', '{"__proto__":{"isAdmin":true},'), '__proto__'],
        ['a constructor', (json) => json.replace('{', '{"constructor":{},'), 'constructor'],
        [
          'an escaped __proto__',
          (json) => json.replace('{', '{"\\u005f_proto__":{},'),
          '__proto__',
        ],
        ['two bodies', (json) => `${json.slice(0, -1)},${json.slice(1)}`, 'the same name'],
        [
          'two result codes',
          (json) => json.replace('"ResultCode":0', '"ResultCode":1032,"ResultCode":0'),
          'the same name',
        ],
        [
          'two amounts',
          (json) => withItem(json, '{"Name":"Amount","Value":1}'),
          'two metadata items have the same Name',
        ],
        ['an amount of 1e999', (json) => json.replace(':100}', ':1e999}'), 'too many digits'],
        [
          'an amount that only looks whole',
          (json) => json.replace(':100}', ':100.0000000000000000001}'),
          'too many digits',
        ],
      ];

    it.each(BODIES)('answers %s as it answers everybody', async (_what, bytesOf, reason) => {
      expect(await shop.post(url, bytesOf(paid()))).toEqual(ACCEPTED);
      await refused(reason);
    });

    it.each([
      ['no content type', {}, 'content type'],
      ['text', { 'content-type': 'text/plain' }, 'content type'],
      ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'content type'],
      ['a file', { 'content-type': 'multipart/form-data; boundary=x' }, 'content type'],
      ['a content type that is none', { 'content-type': 'application/json/x' }, 'content type'],
      ['a content type of nonsense', { 'content-type': ';;;' }, 'content type'],
      ['another charset', { 'content-type': 'application/json; charset=utf-16' }, 'charset'],
      ['an unknown charset', { 'content-type': 'application/json; charset=x' }, 'charset'],
      ['an unknown encoding', { ...JSON_TYPE, 'content-encoding': 'rot13' }, 'compressed'],
    ])('answers %s as it answers everybody', async (_what, headers, reason) => {
      expect(await shop.post(url, paid(), headers)).toEqual(ACCEPTED);
      await refused(reason);
    });

    it.each([
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ])('decodes no %s, bomb or not', async (encoding, compress) => {
      const headers = { ...JSON_TYPE, 'content-encoding': encoding };
      expect(await shop.post(url, compress(Buffer.from(paid())), headers)).toEqual(ACCEPTED);
      await refused('compressed');

      const bomb = compress(Buffer.alloc(64 * MIB, ' '));
      const before = process.memoryUsage.rss();
      expect(await shop.post(url, bomb, headers)).toEqual(ACCEPTED);
      expect(process.memoryUsage.rss() - before).toBeLessThan(48 * MIB);
      await refused(/compressed|longer than/);
    });

    it('takes what is honest, and to the byte', async () => {
      const honest = `\ufeff ${JSON.stringify(paidBody(id), null, 2)}\r\n`;
      expect(await shop.post(url, honest, { 'content-type': 'application/json' })).toEqual(
        ACCEPTED,
      );
      expect(await shop.statusOf(id)).toBe('completed');
      expect(shop.quarantined()).toEqual([]);
    });

    it('takes it in pieces, too', async () => {
      const chunked = { ...JSON_TYPE, 'transfer-encoding': 'chunked', 'content-length': undefined };
      const headers = Object.fromEntries(Object.entries(chunked).filter(([, value]) => value));
      const socket = connect(shop.port, '127.0.0.1');
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`POST ${url} HTTP/1.1\r\nHost: x\r\n${lines.join('')}Connection: close\r\n\r\n`);
      for (const piece of paid().match(/.{1,50}/g)!) {
        socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
      }
      socket.write('0\r\n\r\n');
      const answer = await textOf(socket);
      expect(answer).toContain('200 OK');
      expect(await shop.statusOf(id)).toBe('completed');
    });

    it('answers more than it is willing to throw away, and hangs up', async () => {
      const socket = connect(shop.port, '127.0.0.1');
      socket.write(
        `POST ${url} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${200 * MIB}\r\n\r\n`,
      );
      const answer = textOf(socket);
      const piece = Buffer.alloc(MIB, ' ');
      const send = () => new Promise<unknown>((resolve) => socket.write(piece, resolve));
      while (!(await send()));
      expect(await answer).toContain('200 OK');
      expect(socket.bytesWritten).toBeLessThan(50 * MIB);
      await refused('longer than 16384 bytes');
    });

    it('row 36: cuts a slow body at the limit, and holds no handler meanwhile', async () => {
      const sockets = Array.from({ length: 50 }, () => {
        const socket = connect(shop.port, '127.0.0.1');
        socket.write(
          `POST ${url} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{`,
        );
        const drip = setInterval(() => socket.write(' '), 100);
        socket.on('close', () => {
          clearInterval(drip);
        });
        return socket;
      });
      const answers = Promise.all(sockets.map(textOf));

      const { id: other, token: otherToken } = await shop.pending();
      const settle = jest.spyOn(shop.store, 'settle');
      expect(await shop.post(`/stk/callback/${otherToken}`, paidBody(other))).toEqual(ACCEPTED);
      expect(await shop.statusOf(other)).toBe('completed');
      for (const answer of await answers) expect(answer).toContain('200 OK');
      expect(settle).toHaveBeenCalledTimes(1);
      expect(new Set(shop.quarantined())).toEqual(
        new Set(['malformed: the body did not come to its end']),
      );
      expect(await shop.statusOf(id)).toBe('pending');
    }, 30_000);

    it('says nothing of the body of another route', async () => {
      const { status, body } = await shop.post('/stk/callbacks', { hello: 'there' });
      expect([status, body]).toEqual([201, '{"body":{"hello":"there"}}']);
      expect((await shop.post('/stk/callbacks', '{')).status).toBe(400);
      expect((await shop.post('/elsewhere', {})).status).toBe(404);
    });
  });

  describe('row 28: whatever the token is', () => {
    it('answers alike, and changes nothing', async () => {
      shop = await CallbackApp.start(adapter());
      const { id, token } = await shop.pending();
      const other = await shop.pending();
      const body = paidBody(id);
      const paths = ['', '/', '/x', `/${token.slice(1)}`, `/${token}A`, `/${drawCallbackToken()}`];
      if (platform === 'Express') paths.push('/%E0%A4%A', '/%', `/${'A'.repeat(1_000)}`);
      for (const path of paths) {
        const answer = await shop.post(`/stk/callback${path}`, body);
        // Fastify tells a path with a slash at its end from one without.
        if (path !== '/' || platform === 'Express')
          expect([path, answer]).toEqual([path, ACCEPTED]);
        shop.quarantined();
      }
      // Another attempt's token finds that attempt, whose ids are others.
      expect(await shop.post(`/stk/callback/${other.token}`, body)).toEqual(ACCEPTED);
      expect(await shop.store.find(id)).toMatchObject({ status: 'pending', review: [] });
      expect(await shop.store.find(other.id)).toMatchObject({
        status: 'pending',
        review: ['id-mismatch'],
      });
    });
  });

  describe('in whatever application', () => {
    const takesIt = async (path: string) => {
      const { id, token } = await shop.pending();
      expect(await shop.post(`${path}/${token}`, '{')).toEqual(ACCEPTED);
      expect(shop.quarantined()).toEqual(['malformed: the body is not JSON']);
      expect(await shop.post(`${path}/${token}`, paidBody(id))).toEqual(ACCEPTED);
      expect(await shop.statusOf(id)).toBe('completed');
    };

    it('reads the bytes under a global prefix and a path of the application’s', async () => {
      const module = callbackModule({ callbackPath: 'pay/in' });
      shop = await CallbackApp.start(adapter(), module, (app) => app.setGlobalPrefix('api/v1'));
      await takesIt('/api/v1/pay/in');
    });

    it('reads the bytes where the route is left out of the prefix', async () => {
      shop = await CallbackApp.start(adapter(), callbackModule(), (app) =>
        app.setGlobalPrefix('api', { exclude: ['stk/callback/:token'] }),
      );
      await takesIt('/stk/callback');
    });

    it('reads the bytes beside a microservice', async () => {
      shop = await CallbackApp.start(adapter(), callbackModule(), (app) => {
        app.connectMicroservice({ transport: Transport.TCP, options: { port: 0 } });
      });
      await shop.app.startAllMicroservices();
      await takesIt('/stk/callback');
    });
  });
});

describe.each(HTTP_PLATFORMS)(
  'an application on %s that is put together otherwise',
  (_platform, adapter) => {
    it('reads the bytes where a testing module made the application', async () => {
      const testing = await Test.createTestingModule({ imports: [callbackModule()] }).compile();
      const app = testing.createNestApplication(adapter(), { logger: false });
      await app.listen(0, '127.0.0.1');
      const store = app.get<InMemoryAttemptStore>(AttemptStore);
      const answer = await fetch(`${await app.getUrl()}/stk/callback/x`, {
        method: 'POST',
        body: '{',
      });
      expect([answer.status, await answer.text()]).toEqual([200, ACCEPTED.body]);
      expect(store.quarantined).toHaveLength(1);
      await app.close();
    });

    it.each([[false], [true]])(
      'reads the body of a hand-mounted controller, rawBody: %p',
      async (rawBody) => {
        const module = callbackModule({ callbackController: false }, [HandMounted]);
        const app = await NestFactory.create(module, adapter(), { rawBody, logger: false });
        await app.listen(0, '127.0.0.1');
        const store = app.get<InMemoryAttemptStore>(AttemptStore);
        const twice = '{"Body":{},"Body":{"stkCallback":{}}}';
        await fetch(`${await app.getUrl()}/hooks/${drawCallbackToken()}`, {
          method: 'POST',
          headers: JSON_TYPE,
          body: twice,
        });
        expect(store.quarantined[0]?.detail).toBe(
          rawBody ? 'two properties have the same name' : 'MerchantRequestID must be a string',
        );
        const own = await fetch(`${await app.getUrl()}/hooks`, {
          method: 'POST',
          headers: JSON_TYPE,
          body: '{"a":1}',
        });
        expect(await own.json()).toEqual({ rawBody: rawBody ? 7 : null });
        await app.close();
      },
    );
  },
);

describe('beside body parsers of the application', () => {
  it('reads before those of Express', async () => {
    const adapter = new ExpressAdapter();
    const shop = await CallbackApp.start(adapter, callbackModule(), (app) => {
      const express = app as NestExpressApplication;
      express.useBodyParser('text', { type: '*/*' });
      express.useBodyParser('raw', { type: '*/*', limit: 10 });
      express.useBodyParser('urlencoded', { extended: true });
    });
    const { id, token } = await shop.pending();
    expect(await shop.post(`/stk/callback/${token}`, paidBody(id))).toEqual(ACCEPTED);
    expect(await shop.statusOf(id)).toBe('completed');
    await shop.close();
  });

  it('reads before those of Fastify', async () => {
    const adapter = new FastifyAdapter({ bodyLimit: 10 });
    const shop = await CallbackApp.start(adapter, callbackModule(), () => {
      adapter
        .getInstance()
        .addContentTypeParser('*', { parseAs: 'string' }, (_request, _body, done) => {
          done(new Error('Nobody parses this'));
        });
    });
    const { id, token } = await shop.pending();
    expect(await shop.post(`/stk/callback/${token}`, paidBody(id))).toEqual(ACCEPTED);
    expect(await shop.statusOf(id)).toBe('completed');
    await shop.close();
  });

  it('takes what an earlier one has parsed', async () => {
    const adapter = new ExpressAdapter();
    adapter.use(
      (
        request: { on: (name: string, listener: (part?: Buffer) => void) => void; body?: unknown },
        _: unknown,
        next: () => void,
      ) => {
        const parts: Buffer[] = [];
        request.on('data', (part) => parts.push(part!));
        request.on('end', () => {
          request.body = JSON.parse(Buffer.concat(parts).toString());
          next();
        });
      },
    );
    const shop = await CallbackApp.start(adapter);
    const { id, token } = await shop.pending();
    expect(await shop.post(`/stk/callback/${token}`, paidBody(id))).toEqual(ACCEPTED);
    expect(await shop.statusOf(id)).toBe('completed');
    await shop.close();
  });
});

async function textOf(socket: ReturnType<typeof connect>): Promise<string> {
  let text = '';
  // A connection that is cut is what some of these wait for.
  socket.on('error', () => {});
  socket.on('data', (part) => (text += String(part)));
  await new Promise((resolve) => socket.on('close', resolve));
  return text;
}
