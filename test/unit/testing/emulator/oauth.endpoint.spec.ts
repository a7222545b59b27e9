import { closeStages, send, setStage } from './support.js';

afterEach(closeStages);

const PATH = '/oauth/v1/generate';
const BASIC = `Basic ${Buffer.from('emulator-consumer-key:emulator-consumer-secret').toString('base64')}`;
const WRONG = `Basic ${Buffer.from('emulator-consumer-key:wrong').toString('base64')}`;

describe('a token request', () => {
  it('brings a token of 28 characters that holds for 3599 seconds, which are text', async () => {
    const { client } = await setStage();

    const answer = await client.authorize();

    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({
      access_token: expect.stringMatching(/^[A-Za-z0-9]{28}$/),
      expires_in: '3599',
    });
  });

  it.each([
    ['no grant type', '', BASIC, '400.008.02', 'Invalid grant type passed'],
    [
      'another grant type',
      '?grant_type=password',
      BASIC,
      '400.008.02',
      'Invalid grant type passed',
    ],
    [
      'no authorization',
      '?grant_type=client_credentials',
      '',
      '400.008.01',
      'Invalid Authentication passed',
    ],
    [
      'a bearer token',
      '?grant_type=client_credentials',
      'Bearer abc',
      '400.008.01',
      'Invalid Authentication passed',
    ],
  ])('with %s is refused', async (_what, query, authorization, errorCode, errorMessage) => {
    const { emulator } = await setStage();

    const answer = await send(`${emulator.baseUrl}${PATH}${query}`, { headers: { authorization } });

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({
      requestId: expect.any(String),
      errorCode,
      errorMessage,
    });
  });

  it('with wrong credentials is refused with an empty body', async () => {
    const { emulator } = await setStage();

    const answer = await send(`${emulator.baseUrl}${PATH}?grant_type=client_credentials`, {
      headers: { authorization: WRONG },
    });

    expect([answer.status, answer.text]).toEqual([400, '']);
  });

  it('is answered as scripted, then as usual', async () => {
    const { client, emulator } = await setStage();
    emulator.nextToken('html-403', 'reset');

    expect((await client.authorize()).status).toBe(403);
    expect((await client.authorize()).error).toBe('ECONNRESET');
    expect((await client.authorize()).status).toBe(200);
  });
});

describe('a request that is no call of Daraja', () => {
  it.each([
    ['POST', `${PATH}?grant_type=client_credentials`, 405, '405.001', 'Method Not Allowed'],
    ['GET', '/mpesa/stkpush/v1/processrequest', 405, '405.001', 'Method Not Allowed'],
    ['DELETE', '/mpesa/stkpushquery/v1/query', 405, '405.001', 'Method Not Allowed'],
    ['POST', '/mpesa/stkpush/v2/processrequest', 404, '404.001.01', 'Resource not found'],
    ['GET', '/', 404, '404.001.01', 'Resource not found'],
    ['GET', '//', 404, '404.001.01', 'Resource not found'],
  ])('%s %s is refused', async (method, path, status, errorCode, errorMessage) => {
    const { emulator } = await setStage();

    const answer = await send(`${emulator.baseUrl}${path}`, { method });

    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({
      requestId: expect.any(String),
      errorCode,
      errorMessage,
    });
  });
});
