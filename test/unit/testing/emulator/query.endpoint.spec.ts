import { EMULATOR_ACCOUNT } from '../../../../lib/testing/emulator/emulator-account.js';
import { checkoutIdOf, closeStages, PlainClient, setStage } from './support.js';

afterEach(closeStages);

const bodyOf = ({ text }: { text: string }): unknown => JSON.parse(text);

describe('a query', () => {
  it('is told nothing, then "under processing", then the end, which is text', async () => {
    const { client, emulator } = await setStage();
    const id = checkoutIdOf(await client.push());
    const { merchantRequestId } = emulator.prompts.get(id)!;

    const blank = await client.query(id);
    expect(blank.status).toBe(200);
    expect(bodyOf(blank)).toEqual({
      requestId: expect.any(String),
      errorCode: '500.001.1001',
      errorMessage: '',
    });
    expect(bodyOf(await client.query(id))).toMatchObject({ ResponseCode: '0', ResultCode: '4999' });
    emulator.cancel(id);
    const final = await client.query(id);
    expect(final.status).toBe(200);
    expect(bodyOf(final)).toEqual({
      ResponseCode: '0',
      ResponseDescription: 'The service request has been accepted successsfully',
      MerchantRequestID: merchantRequestId,
      CheckoutRequestID: id,
      ResultCode: '1032',
      ResultDesc: 'Request Cancelled by user.',
    });
  });

  it('about an id that is not known, or is of another shop, is told that it does not exist', async () => {
    const other = { ...EMULATOR_ACCOUNT, consumerKey: 'other', shortCode: '600000' };
    const { client, emulator, receiver } = await setStage({
      credentials: [EMULATOR_ACCOUNT, other],
    });
    const stranger = new PlainClient(emulator.baseUrl, receiver.url, other);
    await stranger.authorize();
    const id = checkoutIdOf(await client.push());

    for (const answer of [await client.query('ws_CO_1'), await stranger.query(id)]) {
      expect(answer.status).toBe(500);
      expect(bodyOf(answer)).toMatchObject({
        errorCode: '500.001.1001',
        errorMessage: 'The transaction does not Exist',
      });
    }
  });

  it.each([
    ['BusinessShortCode', { BusinessShortCode: 'x' }],
    ['Password', { Password: '' }],
    ['Timestamp', { Timestamp: 'today' }],
    ['CheckoutRequestID', { CheckoutRequestID: '' }],
    ['CheckoutRequestID', { CheckoutRequestID: 12 }],
  ])('with a wrong %s is refused', async (field, fields) => {
    const { client } = await setStage();

    const answer = await client.query('ws_CO_1', fields);

    expect(answer.status).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ errorMessage: `Bad Request - Invalid ${field}` });
  });

  it('with a wrong password or without a token is refused', async () => {
    const { client, emulator } = await setStage();

    expect(bodyOf(await client.query('ws_CO_1', { Password: 'bm8=' }))).toMatchObject({
      errorMessage: 'Wrong credentials',
    });
    emulator.revokeTokens();
    expect((await client.query('ws_CO_1')).status).toBe(404);
  });

  it('can be scripted with codes, own answers and broken connections', async () => {
    const { client, emulator } = await setStage();
    emulator.next({
      query: {
        pending: [
          { resultCode: 'X1', resultDesc: 'Strange' },
          { status: 418, headers: {}, body: 'tea' },
          'reset',
          'final',
        ],
      },
    });
    const id = checkoutIdOf(await client.push());

    expect(bodyOf(await client.query(id))).toMatchObject({
      ResultCode: 'X1',
      ResultDesc: 'Strange',
    });
    expect(await client.query(id)).toMatchObject({ status: 418, text: 'tea' });
    expect(await client.query(id)).toMatchObject({ status: null, error: 'ECONNRESET' });
    expect(bodyOf(await client.query(id))).toMatchObject({ ResultCode: '4999' });
  });
});
