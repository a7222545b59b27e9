import { EMULATOR_SCENARIOS } from '../../../../lib/testing/emulator/emulator-scenarios.js';
import type { PanelState } from '../../../../lib/testing/emulator/panel.api.js';
import { checkoutIdOf, closeStages, send, setStage } from './support.js';
import type { Answer, Stage } from './support.js';

afterEach(closeStages);

const panelOf = async ({ emulator }: Stage): Promise<PanelState> =>
  JSON.parse((await send(`${emulator.phoneUrl}/api/panel`)).text) as PanelState;

const act = ({ emulator }: Stage, action: string, body: object = {}): Promise<Answer> =>
  send(`${emulator.phoneUrl}/api/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('the faults of the control panel', () => {
  it('come to the next pushes in the order in which they were picked', async () => {
    const stage = await setStage();
    await act(stage, 'next', { scenario: 'lose-callback' });
    await act(stage, 'next', { scenario: 'double-callback' });
    stage.emulator.next('slow', { push: { delayMs: 0 } });
    expect((await panelOf(stage)).next).toEqual([
      'Lose the callback',
      'Send the callback twice',
      'slow',
      'a script of your own',
    ]);

    for (const expected of [0, 2]) {
      stage.emulator.approve(checkoutIdOf(await stage.client.push()));
      await stage.emulator.idle();
      expect(stage.callbacks()).toHaveLength(expected);
    }
    expect((await panelOf(stage)).next).toHaveLength(2);
  });

  it('are forgotten when asked', async () => {
    const stage = await setStage();
    await act(stage, 'next', { scenario: 'lose-callback' });
    await act(stage, 'next/clear');

    expect((await panelOf(stage)).next).toEqual([]);
    stage.emulator.approve(checkoutIdOf(await stage.client.push()));
    await stage.emulator.idle();
    expect(stage.callbacks()).toHaveLength(1);
  });

  it('all work: each is taken by a push', async () => {
    const stage = await setStage();
    const { faults } = await panelOf(stage);
    for (const { name } of faults) {
      expect((await act(stage, 'next', { scenario: name })).status).toBe(200);
    }

    expect((await panelOf(stage)).next).toEqual(faults.map(({ label }) => label));
  });

  it('can be any ready-made scenario, too', async () => {
    const stage = await setStage();
    expect((await panelOf(stage)).scenarios).toEqual(Object.keys(EMULATOR_SCENARIOS));
    await act(stage, 'next', { scenario: 'html-503' });

    expect((await panelOf(stage)).next).toEqual(['html-503']);
    expect((await stage.client.push()).status).toBe(503);
  });

  it('has 4999 for an answer three times after the customer paid', async () => {
    const stage = await setStage();
    await act(stage, 'next', { scenario: 'under-processing' });
    const id = checkoutIdOf(await stage.client.push());
    stage.emulator.approve(id);

    const codes = [];
    for (let n = 0; n < 4; n += 1) {
      codes.push(
        (JSON.parse((await stage.client.query(id)).text) as { ResultCode: string }).ResultCode,
      );
    }
    expect(codes.map(String)).toEqual(['4999', '4999', '4999', '0']);
  });

  it('revokes the tokens there are', async () => {
    const stage = await setStage();
    await stage.client.push({ PhoneNumber: '254711111111' });
    await act(stage, 'tokens/revoke');

    expect((await stage.client.push()).text).toContain('404.001.03');
  });
});

describe('the time-line', () => {
  it('has requests and callbacks, the latest first, without secrets and numbers', async () => {
    const stage = await setStage();
    const id = checkoutIdOf(await stage.client.push());
    stage.emulator.approve(id);
    await stage.emulator.idle();

    const { timeLine } = await panelOf(stage);

    expect(timeLine.map(({ title, outcome }) => [title, outcome])).toEqual([
      ['Callback', '200'],
      ['Push', '200'],
      ['Token request', '200'],
    ]);
    expect(timeLine[1]!.sent).toMatchObject({
      Password: '***',
      PartyA: '2547*****149',
      PhoneNumber: '2547*****149',
      Amount: expect.anything(),
    });
    expect(timeLine[2]!.answer).toMatchObject({ access_token: '***' });
    const text = JSON.stringify(timeLine);
    expect(text).not.toContain('708374149');
    expect(text).not.toContain(id);
    const [push] = stage.emulator.received.filter(({ path }) => path.includes('processrequest'));
    const { Password, CallBackURL } = push!.body as { Password: string; CallBackURL: string };
    expect(text).not.toContain(Password);
    expect(CallBackURL).toContain('/');
  });

  it.each([
    ['a token', 'https://shop.example/stk/callback/' + 'T'.repeat(43)],
    ['a short secret', 'https://shop.example/stk/callback/s3cret?key=value'],
  ])('hides %s at the end of a callback URL', async (_what, CallBackURL) => {
    const stage = await setStage();
    await stage.client.push({ CallBackURL });

    const { timeLine } = await panelOf(stage);

    expect(timeLine[0]!.sent).toMatchObject({
      CallBackURL: 'https://shop.example/stk/callback/***',
    });
  });

  it.each([
    ['another field', { Note: 'call 0722000666' }],
    ['the name of a field', { 'call 0722000666': 1 }],
    ['a nested field', { Metadata: { list: ['0722000666'] } }],
  ])('hides a number in %s', async (_what, fields) => {
    const stage = await setStage();
    await stage.client.push(fields);

    expect(JSON.stringify(await panelOf(stage))).not.toContain('0722000666');
  });

  it('hides a number in a path that Daraja does not have', async () => {
    const stage = await setStage();
    await send(`${stage.emulator.baseUrl}/customers/254722000666`);

    expect((await panelOf(stage)).timeLine[0]!.title).toBe('GET /customers/***');
  });

  it('lives through a body that is nested thousands of levels deep', async () => {
    const stage = await setStage();
    await stage.client.post('/nowhere', '['.repeat(30_000) + ']'.repeat(30_000));

    expect((await panelOf(stage)).timeLine[0]).toMatchObject({ title: 'POST /nowhere' });
  });

  it('says where there was no answer', async () => {
    const stage = await setStage();
    stage.emulator.next('reset-before-body');
    await stage.client.push();

    expect((await panelOf(stage)).timeLine[0]).toMatchObject({
      title: 'Push',
      outcome: 'no answer',
    });
  });

  it('remembers the last forty', async () => {
    const stage = await setStage();
    for (let n = 0; n < 45; n += 1) await send(`${stage.emulator.baseUrl}/nowhere/${n}`);

    const { timeLine } = await panelOf(stage);

    expect(timeLine).toHaveLength(40);
    expect(timeLine[0]).toMatchObject({ title: 'GET /nowhere/44', outcome: '404' });
  });
});

describe('a callback that is sent again', () => {
  it('is the same, to the same address, and is in the time-line too', async () => {
    const stage = await setStage();
    stage.emulator.approve(checkoutIdOf(await stage.client.push()));
    await stage.emulator.idle();

    expect((await act(stage, 'deliveries/0/replay')).status).toBe(200);
    await stage.emulator.idle();

    const [first, second] = stage.emulator.deliveries;
    expect(second).toMatchObject({ body: first!.body, url: first!.url, state: 'answered' });
    expect(
      (await panelOf(stage)).timeLine.filter(({ title }) => title === 'Callback'),
    ).toHaveLength(2);
  });

  it('must have been sent', async () => {
    const stage = await setStage();

    expect((await act(stage, 'deliveries/0/replay')).status).toBe(404);
  });
});

describe('what the panel has no page for', () => {
  it.each([
    ['GET', 'next', 405],
    ['GET', 'deliveries/0/replay', 405],
    ['POST', 'panel/events', 405],
    ['POST', 'panel/nowhere', 404],
    ['POST', 'deliveries/first/replay', 404],
  ])('%s %s is answered %i', async (method, action, status) => {
    const { emulator } = await setStage();

    expect((await send(`${emulator.phoneUrl}/api/${action}`, { method })).status).toBe(status);
  });

  it('names the faults where one is not known', async () => {
    const stage = await setStage();
    const answer = await act(stage, 'next', { scenario: 'toString' });

    expect(answer.status).toBe(400);
    expect(answer.text).toContain('lose-callback');
  });
});
