import { readdir } from 'node:fs/promises';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { PhoneState } from '../../../../lib/testing/emulator/phone-state.js';
import { checkoutIdOf, closeStages, send, setStage, until } from './support.js';
import type { Answer, Stage } from './support.js';

afterEach(closeStages);

const stateOf = async ({ emulator }: Stage): Promise<PhoneState> =>
  JSON.parse((await send(`${emulator.phoneUrl}/api/state`)).text) as PhoneState;

const act = (
  { emulator }: Stage,
  id: string,
  action: string,
  body = '{}',
  type = 'application/json',
): Promise<Answer> =>
  send(`${emulator.phoneUrl}/api/prompts/${encodeURIComponent(id)}/${action}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });

describe('the state of the phones', () => {
  it('has each phone with its prompts and messages, and the PIN', async () => {
    const stage = await setStage({ pin: '4711' });
    const { client, emulator } = stage;
    const id = checkoutIdOf(await client.push({ Amount: 1500 }));
    await client.push({ PhoneNumber: '254711111111' });

    const { phones, pinHint } = await stateOf(stage);

    expect(pinHint).toBe('4711');
    expect(phones.map(({ phoneNumber }) => phoneNumber)).toEqual(['254708374149', '254711111111']);
    expect(phones[0]).toEqual({
      phoneNumber: '254708374149',
      reachable: true,
      prompts: [
        {
          id,
          phoneNumber: '254708374149',
          merchant: 'Demo Shop',
          shortCode: '174379',
          amount: 1500,
          accountReference: 'INV-001',
          transactionDesc: 'Subscription',
          createdAt: '2026-10-02T15:04:05.678Z',
          expiresAt: '2026-10-02T15:05:05.678Z',
          status: 'ringing',
        },
      ],
      messages: [],
    });

    const { receipt } = emulator.approve(id);
    const paid = (await stateOf(stage)).phones[0]!;
    expect(paid.prompts[0]!.status).toBe('paid');
    expect(paid.messages).toEqual([
      {
        id: `sms-${id}`,
        phoneNumber: '254708374149',
        at: '2026-10-02T15:04:05.678Z',
        text: `Paid: KES 1,500 to Demo Shop, account INV-001, on 02/10/2026 at 18:04. Receipt ${receipt!}. Play money.`,
      },
    ]);
  });

  it('does not tell the callback URL, which has a secret', async () => {
    const stage = await setStage();
    await stage.client.push();

    expect(JSON.stringify(await stateOf(stage))).not.toContain('secret');
  });

  it('is not among the requests to Daraja', async () => {
    const stage = await setStage();
    const before = stage.emulator.received.length;
    await stateOf(stage);

    expect(stage.emulator.received).toHaveLength(before);
  });
});

describe('the customer', () => {
  it.each([
    ['pin', '{"pin":"1234"}', 'paid', 0],
    ['pin', '{"pin":"0000"}', 'wrong-pin', 2001],
    ['cancel', '{}', 'cancelled', 1032],
    ['cancel', '', 'cancelled', 1032],
  ])('%s %s', async (action, body, status, code) => {
    const stage = await setStage();
    const id = checkoutIdOf(await stage.client.push());

    const answer = await act(stage, id, action, body);
    await stage.emulator.idle();

    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({ prompt: expect.objectContaining({ id, status }) });
    expect(stage.callbacks()).toMatchObject([{ ResultCode: code }]);
  });

  it('ignores, and 1037 comes at the end', async () => {
    const stage = await setStage();
    const id = checkoutIdOf(await stage.client.push());

    expect(JSON.parse((await act(stage, id, 'ignore')).text)).toMatchObject({
      prompt: { status: 'ignored' },
    });
    stage.clock.advance(60_000);
    await stage.emulator.idle();
    expect(stage.callbacks()).toMatchObject([{ ResultCode: 1037 }]);
  });

  it('cannot answer twice, nor a prompt that does not exist', async () => {
    const stage = await setStage();
    const id = checkoutIdOf(await stage.client.push());
    await act(stage, id, 'cancel');

    const again = await act(stage, id, 'pin', '{"pin":"1234"}');
    const unknown = await act(stage, 'ws_CO_1', 'cancel');

    expect([again.status, JSON.parse(again.text)]).toEqual([
      409,
      { message: 'The prompt is cancelled already.' },
    ]);
    expect([unknown.status, JSON.parse(unknown.text)]).toEqual([
      404,
      { message: 'There is no such prompt.' },
    ]);
  });

  it.each([
    [415, 'pin', '{"pin":"1234"}', 'text/plain'],
    [415, 'cancel', 'a=b', 'application/x-www-form-urlencoded'],
    [400, 'pin', '{"pin":1234}', 'application/json'],
    [400, 'pin', '', 'application/json'],
    [400, 'pin', '{', 'application/json'],
    [400, 'cancel', 'null', 'application/json'],
    [404, 'pay', '{}', 'application/json'],
  ])('gets %i for %s with %s as %s', async (status, action, body, type) => {
    const stage = await setStage();
    const id = checkoutIdOf(await stage.client.push());

    const answer = await act(stage, id, action, body, type);

    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      status,
      { message: expect.any(String) },
    ]);
    expect(stage.emulator.prompts.get(id)!.status).toBe('ringing');
  });
});

describe('network', () => {
  const network = ({ emulator }: Stage, body: string) =>
    send(`${emulator.phoneUrl}/api/phones/254708374149/network`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });

  it('is taken from a phone, which then gets no prompt, and given back', async () => {
    const stage = await setStage();
    const { client, emulator } = stage;
    emulator.next('cancelled');
    expect((await network(stage, '{"reachable":false}')).status).toBe(200);

    await client.push();
    await emulator.idle();
    expect(stage.callbacks()).toMatchObject([{ ResultCode: 1037 }]);
    expect((await stateOf(stage)).phones[0]).toMatchObject({ reachable: false });

    await network(stage, '{"reachable":true}');
    await client.push();
    await emulator.idle();
    expect(stage.callbacks()).toMatchObject([{ ResultCode: 1037 }, { ResultCode: 1032 }]);
  });

  it('is yes or no', async () => {
    const stage = await setStage();

    expect((await network(stage, '{"reachable":"no"}')).status).toBe(400);
  });
});

describe('another site', () => {
  it.each([
    ['gives its own name this machine’s address', { host: 'evil.example:1' }],
    ['gives it a name like ours', { host: 'localhost.evil.example' }],
    ['sends a request from its page', { origin: 'https://evil.example' }],
    ['has a frame without an origin', { origin: 'null' }],
    ['runs at another port of this machine', { origin: 'http://127.0.0.1:1' }],
  ])('is refused where it %s', async (_how, headers) => {
    const stage = await setStage();
    const id = checkoutIdOf(await stage.client.push());

    for (const path of ['', '/api/state', '/api/events', '/api/panel']) {
      const answer = await send(`${stage.emulator.phoneUrl}${path}`, { headers });
      expect([answer.status, JSON.parse(answer.text)]).toEqual([
        403,
        { message: expect.stringContaining('open it at http://127.0.0.1') },
      ]);
    }
    const paid = await send(`${stage.emulator.phoneUrl}/api/prompts/${id}/pin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"pin":"1234"}',
    });
    expect(paid.status).toBe(403);
    expect(stage.emulator.prompts.get(id)!.status).toBe('ringing');
  });

  it('is not what our own page is', async () => {
    const { emulator } = await setStage();
    const { host, origin } = new URL(emulator.phoneUrl);
    const url = `${emulator.phoneUrl}/api/state`;

    expect((await send(url, { headers: { host, origin } })).status).toBe(200);
    const local = host.replace('127.0.0.1', 'localhost');
    expect((await send(url, { headers: { host: local } })).status).toBe(200);
  });
});

describe('the page', () => {
  it.each([
    ['', 'text/html; charset=utf-8', '<!doctype html>'],
    ['/', 'text/html; charset=utf-8', '<!doctype html>'],
    ['/panel', 'text/html; charset=utf-8', '<!doctype html>'],
    ['/base.css', 'text/css; charset=utf-8', '{'],
    ['/phone.js', 'text/javascript; charset=utf-8', 'follow('],
    ['/page.js', 'text/javascript; charset=utf-8', 'EventSource'],
    ['/panel.js', 'text/javascript; charset=utf-8', 'follow('],
  ])('is served at /phone%s', async (path, type, content) => {
    const { emulator } = await setStage();

    const answer = await send(`${emulator.phoneUrl}${path}`);

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(type);
    expect(answer.text).toContain(content);
  });

  it('has all styles and scripts that there are', async () => {
    const { emulator } = await setStage();
    const files = await readdir('lib/testing/virtual-phone');
    const assets = files.filter((name) => /\.(css|js)$/.test(name));
    const answers = await Promise.all(assets.map((name) => send(`${emulator.phoneUrl}/${name}`)));

    expect(assets.length).toBeGreaterThan(10);
    expect(answers.map(({ status }) => status)).toEqual(assets.map(() => 200));
  });

  it.each([
    '/assets-directory.cts',
    '/../emulator/daraja-emulator.ts',
    '/%2e%2e/package.json',
    '/api',
    '/api/prompts/%E0%A4%A/cancel',
  ])('has no %s', async (path) => {
    const { emulator } = await setStage();

    expect((await send(`${emulator.phoneUrl}${path}`)).status).toBeGreaterThanOrEqual(404);
  });

  it('is only read', async () => {
    const { emulator } = await setStage();

    expect((await send(emulator.phoneUrl, { method: 'POST' })).status).toBe(405);
    expect((await send(`${emulator.phoneUrl}/api/state`, { method: 'OPTIONS' })).status).toBe(405);
  });
});

describe('the stream of events', () => {
  const listen = async ({ emulator }: Stage) => {
    const stream = { text: '', ended: false };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${emulator.phoneUrl}/api/events`, { agent: false }, resolve).on('error', reject);
    });
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (stream.text += chunk));
    response.on('close', () => (stream.ended = true));
    response.on('error', () => (stream.ended = true));
    const states = (): PhoneState[] =>
      stream.text
        .split('\n\n')
        .filter((event) => event.startsWith('event: state\ndata: '))
        .map((event) => JSON.parse(event.slice('event: state\ndata: '.length)) as PhoneState);
    return { response, stream, states };
  };

  it('tells the state at once and at each change, and ends with the emulator', async () => {
    const stage = await setStage();
    const { response, stream, states } = await listen(stage);
    expect(response.headers['content-type']).toBe('text/event-stream');
    await until(() => states().length === 1);
    expect(states()[0]).toEqual({ phones: [], pinHint: '1234' });

    const id = checkoutIdOf(await stage.client.push());
    await until(() => states().length === 2);
    expect(states()[1]!.phones[0]!.prompts[0]!.status).toBe('ringing');
    stage.emulator.cancel(id);
    await until(() => states().length === 3);
    expect(states()[2]).toEqual(await stateOf(stage));

    await stage.emulator.close();
    await until(() => stream.ended);
  });

  it('goes on for others when a page is closed', async () => {
    const stage = await setStage();
    const [first, second] = [await listen(stage), await listen(stage)];
    first.response.destroy();

    await stage.client.push();

    await until(() => second.states().length === 2);
    expect(second.states()[1]!.phones).toHaveLength(1);
  });
});
