import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { DarajaEmulator } from '../../../../lib/testing/emulator/daraja-emulator.js';
import { closeStages, send, setStage, until } from './support.js';

afterEach(closeStages);

/** A connection that is left alone, with what it has received. */
const open = async (baseUrl: string): Promise<{ socket: Socket; text: () => string }> => {
  const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, text: () => text };
};

describe('listen()', () => {
  it('takes a free port of the loopback interface', async () => {
    const { emulator } = await setStage();

    expect(emulator.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(emulator.phoneUrl).toBe(`${emulator.baseUrl}/phone`);
  });

  it('rejects if the port is taken', async () => {
    const { emulator } = await setStage();
    const second = new DarajaEmulator();

    await expect(second.listen(Number(new URL(emulator.baseUrl).port))).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await second.close();
  });

  it('is needed before there is an address, and is not possible again', async () => {
    const emulator = new DarajaEmulator();
    expect(() => emulator.baseUrl).toThrow(/call listen\(\) first/);
    await emulator.close();
    await expect(emulator.listen()).rejects.toThrow(/was closed/);
  });

  it('is not reached with a PIN that no page could type', () => {
    expect(() => new DarajaEmulator({ pin: 'abcd' })).toThrow(/must be digits/);
  });
});

describe('close()', () => {
  it('ends connections that are silent, halfway, or wait for an answer', async () => {
    const { client, emulator } = await setStage();
    emulator.next('lost-response');
    const silent = await open(emulator.baseUrl);
    const halfway = await open(emulator.baseUrl);
    halfway.socket.write('POST /mpesa/stkpush/v1/processrequest HTTP/1.1\r\nHost: x\r\nContent-Le');
    const waiting = client.push();
    await until(() => emulator.prompts.size === 1);

    await emulator.close();

    await until(() => silent.socket.destroyed && halfway.socket.destroyed);
    expect((await waiting).error).not.toBeNull();
    expect((await send(`${client.baseUrl}/phone`)).error).toBe('ECONNREFUSED');
  });

  it('calls off what was to come', async () => {
    const { client, clock, emulator, callbacks } = await setStage();
    emulator.next('late-callback', 'slow', 'rings');
    await client.push();
    void client.push({ PhoneNumber: '254711111111' });
    await client.push({ PhoneNumber: '254722222222' });
    await until(() => clock.scheduled === 3);

    await emulator.close();
    await emulator.close();

    expect(clock.scheduled).toBe(0);
    clock.advance(3_600_000);
    await emulator.idle();
    expect(callbacks()).toEqual([]);
  });
});

describe('a client that misbehaves', () => {
  it('with a body without end is told so, and the next one is served', async () => {
    const { client, emulator } = await setStage();
    const { socket, text } = await open(emulator.baseUrl);
    socket.write(
      'POST /mpesa/stkpush/v1/processrequest HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n',
    );
    socket.write('x'.repeat(100_000));

    await until(() => socket.destroyed);

    expect(text()).toMatch(/^HTTP\/1\.1 413 /);
    expect(text()).toContain('protocol.http.TooBigBody');
    expect(emulator.received.at(-1)).toMatchObject({ body: null });
    expect((await client.push()).status).toBe(200);
  });

  it.each([
    [
      'goes away in the middle of its body',
      'POST /mpesa/stkpush/v1/processrequest HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"a"',
    ],
    ['speaks another language', '\x16\x03\x01\x02\x00\x01\x00\x01'],
    ['sends no proper target', 'GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('that %s does no harm', async (_what, bytes) => {
    const { client, emulator } = await setStage();
    const { socket } = await open(emulator.baseUrl);
    socket.end(bytes);
    await until(() => socket.destroyed);

    expect((await client.push()).status).toBe(200);
  });

  it('and goes away before its answer does not hold up the customer', async () => {
    const { client, clock, emulator, callbacks } = await setStage();
    emulator.next('slow');
    const controller = new AbortController();
    const push = fetch(`${client.baseUrl}/mpesa/stkpush/v1/processrequest`, {
      method: 'POST',
      signal: controller.signal,
      headers: { authorization: `Bearer ${client.token}`, 'content-type': 'application/json' },
      body: client.pushBody(),
    });
    await until(() => clock.scheduled > 0);
    controller.abort();
    await expect(push).rejects.toThrow();

    clock.advance(10_000);
    await emulator.idle();

    expect(callbacks()).toMatchObject([{ ResultCode: 0 }]);
  });
});
