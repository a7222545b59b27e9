import { jest } from '@jest/globals';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { readCallbackBytes } from '../../../lib/callback/callback-bytes.js';
import { MAX_CALLBACK_BYTES } from '../../../lib/callback/strict-json.js';

const JSON_HEADERS = { 'content-type': 'application/json' };

/** A request as Node gives it, of which the body is yet to come. */
const aRequest = (headers: IncomingHttpHeaders = JSON_HEADERS) =>
  Object.assign(new PassThrough({ autoDestroy: false }), { headers, complete: false });

const read = (request: PassThrough) => readCallbackBytes(request as unknown as IncomingMessage);

/** What is read of a body that came in these pieces, whole. */
const readWhole = (headers: IncomingHttpHeaders, ...pieces: (string | Buffer)[]) => {
  const request = aRequest(headers);
  for (const piece of pieces) request.write(piece);
  request.end();
  return read(request);
};

afterEach(() => {
  jest.useRealTimers();
});

describe('readCallbackBytes', () => {
  it('gives the bytes as they came, in pieces or in one', async () => {
    const whole = await readWhole(JSON_HEADERS, '{"a"', Buffer.from(':1}'));
    expect(whole).toEqual({ bytes: Buffer.from('{"a":1}'), problem: null });
    expect(await readWhole(JSON_HEADERS)).toEqual({ bytes: Buffer.alloc(0), problem: null });
  });

  it('is null where somebody has read before', async () => {
    const request = aRequest();
    request.write('{');
    request.read();
    expect(await read(request)).toBeNull();
  });

  it.each([
    [MAX_CALLBACK_BYTES, null],
    [MAX_CALLBACK_BYTES + 1, 'the body is longer than 16384 bytes'],
    [4 * 1024 * 1024, 'the body is longer than 16384 bytes'],
  ])('reads %i bytes to the end, and keeps no more than 16 KiB', async (size, problem) => {
    const body = Buffer.alloc(size, 'ab');
    const result = await readWhole(JSON_HEADERS, body.subarray(0, 10_000), body.subarray(10_000));
    expect(result!.problem).toBe(problem);
    expect(result!.bytes.equals(body.subarray(0, MAX_CALLBACK_BYTES))).toBe(true);
  });

  it('stops at 4 MiB without the end, and hangs up a second later', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    const request = aRequest();
    const result = read(request);
    request.write(Buffer.alloc(4 * 1024 * 1024 + 1));
    expect((await result)!.problem).toBe('the body is longer than 16384 bytes');
    expect(request.isPaused()).toBe(true);
    jest.advanceTimersByTime(999);
    expect(request.destroyed).toBe(false);
    jest.advanceTimersByTime(1);
    expect(request.destroyed).toBe(true);
  });

  it('does not hang up on a request that has come to its end', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    const request = aRequest();
    request.end('{}');
    await read(request);
    jest.advanceTimersByTime(10_000);
    expect(request.destroyed).toBe(false);
    const late = aRequest();
    const result = read(late);
    late.emit('close');
    await result;
    late.complete = true;
    jest.advanceTimersByTime(10_000);
    expect(late.destroyed).toBe(false);
  });

  it('waits five seconds for the end', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    const request = aRequest();
    let result: unknown;
    const ended = read(request).then((read) => (result = read));
    request.write('{"a":');
    jest.advanceTimersByTime(4_999);
    await new Promise(setImmediate);
    expect(result).toBeUndefined();
    jest.advanceTimersByTime(1);
    await ended;
    expect(result).toEqual({
      bytes: Buffer.from('{"a":'),
      problem: 'the body did not come to its end',
    });
    request.emit('error', new Error('reset'));
  });

  it.each(['close', 'error'])('ends with what there is on %s', async (event) => {
    const request = aRequest();
    const result = read(request);
    request.write('{"a":');
    await new Promise(setImmediate);
    request.emit(event, new Error('reset'));
    expect(await result).toEqual({
      bytes: Buffer.from('{"a":'),
      problem: 'the body did not come to its end',
    });
  });

  it('leaves no listener and no timer behind', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    const request = aRequest();
    const before = request.eventNames().length;
    request.end('{}');
    await read(request);
    expect(jest.getTimerCount()).toBe(0);
    for (const event of ['data', 'error']) expect(request.listenerCount(event)).toBe(0);
    expect(request.eventNames().length).toBeLessThanOrEqual(before + 1);
  });
});

describe('the headers of a callback', () => {
  const problemOf = async (headers: IncomingHttpHeaders) =>
    (await readWhole(headers, '{}'))!.problem;

  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json ; charset=utf-8',
    'application/json;charset=UTF8',
    'application/json; charset="utf-8"',
    'application/json; charset = us-ascii',
    'application/json; version=1; charset=utf-8; x=y',
    'application/vnd.safaricom-1.json+json',
    'application/json; charset=',
  ])('are those of JSON: %s', async (type) => {
    const expected = type.endsWith('charset=') ? 'the charset is not UTF-8' : null;
    expect(await problemOf({ 'content-type': type })).toBe(expected);
  });

  it.each([
    undefined,
    '',
    'text/plain',
    'application/jsonp',
    'application/json-seq',
    'xapplication/json',
    'application/+json',
    'text/plain; application/json',
    'application/a b+json',
  ])('are none of JSON: %s', async (type) => {
    expect(await problemOf({ 'content-type': type })).toBe('the content type is not JSON');
  });

  it.each(['utf-16', 'iso-8859-1', 'xutf-8', 'utf-8x', 'utf-7'])(
    'have another charset: %s',
    async (charset) => {
      const headers = { 'content-type': `application/json; charset=${charset}` };
      expect(await problemOf(headers)).toBe('the charset is not UTF-8');
    },
  );

  it('may say that nothing is compressed, and nothing else', async () => {
    expect(await problemOf({ ...JSON_HEADERS, 'content-encoding': 'Identity' })).toBeNull();
    for (const encoding of ['gzip', '', 'br']) {
      expect(await problemOf({ ...JSON_HEADERS, 'content-encoding': encoding })).toBe(
        'the body is compressed',
      );
    }
  });
});
