import { EMULATOR_ACCOUNT } from '../../../../lib/testing/emulator/emulator-account.js';
import { checkoutIdOf, closeStages, setStage } from './support.js';

afterEach(closeStages);

const bodyOf = ({ text }: { text: string }): unknown => JSON.parse(text);

describe('a push that is right', () => {
  it('is accepted in the words of Daraja', async () => {
    const { client, emulator } = await setStage();

    const answer = await client.push();

    const [prompt] = emulator.prompts.values();
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json;charset=UTF-8');
    expect(bodyOf(answer)).toEqual({
      MerchantRequestID: prompt!.merchantRequestId,
      CheckoutRequestID: prompt!.id,
      ResponseCode: '0',
      ResponseDescription: 'Success. Request accepted for processing',
      CustomerMessage: 'Success. Request accepted for processing',
    });
    // The clock stands at 18:04:05.678 in Nairobi.
    expect(prompt!.id).toBe('ws_CO_02102026180405678708374149');
    expect(prompt!.merchantRequestId).toMatch(
      /^[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\d+$/,
    );
  });

  it.each([
    ['all fields as text', { Amount: '100' }],
    [
      'numbers where the portal has numbers',
      {
        BusinessShortCode: 174379,
        PartyA: 254708374149,
        PartyB: 174379,
        PhoneNumber: 254708374149,
      },
    ],
    ['the least amount', { Amount: 1 }],
    ['the greatest amount', { Amount: 250_000 }],
    ['an 01 number', { PhoneNumber: '254112345678' }],
    ['another payer than the phone', { PartyA: '254711111111' }],
    ['a plain http callback with port and query', { CallBackURL: 'http://10.0.0.1:8080/a?b=C' }],
    ['a reference of 12', { AccountReference: 'A'.repeat(12) }],
    ['a description of 13', { TransactionDesc: 'A'.repeat(13) }],
  ])('may have %s', async (_what, fields) => {
    const { client } = await setStage();

    expect(bodyOf(await client.push(fields))).toMatchObject({ ResponseCode: '0' });
  });
});

describe('a push with a wrong field', () => {
  it.each([
    ['BusinessShortCode', [undefined, null, '', '1234', '12345678', 'abc', 17.5, [174379]]],
    ['Password', [undefined, null, '', 5]],
    ['Timestamp', [undefined, '2026-10-02', '2026100218040', '20261302180405', '20260230000000']],
    ['TransactionType', [undefined, 'CustomerPayBillOnlin', 'BusinessPayBill', 1]],
    ['Amount', [undefined, null, 0, -1, 1.5, '1.0', '1e3', 250_001, '0100', '', true, 'NaN', {}]],
    ['PartyA', [undefined, '0708374149']],
    ['PartyB', [undefined, 'till', '123']],
    [
      'PhoneNumber',
      ['0708374149', '+254708374149', '25470837414', '2547083741490', '255708374149'],
    ],
    [
      'CallBackURL',
      [
        undefined,
        '',
        'stk/callback',
        'ftp://shop.example/cb',
        'https://shop.example/a b',
        ' https://shop.example/cb',
        'https://SHOP.example/cb',
        'https://',
        7,
      ],
    ],
    ['AccountReference', [undefined, null, '', ' ', 'A'.repeat(13), 5]],
  ])('is refused for its %s', async (field, values) => {
    const { client, emulator } = await setStage();

    for (const value of values) {
      const answer = await client.push({ [field]: value });
      expect({ value, status: answer.status, body: bodyOf(answer) }).toEqual({
        value,
        status: 400,
        body: {
          requestId: expect.any(String),
          errorCode: '400.002.02',
          errorMessage: `Bad Request - Invalid ${field}`,
        },
      });
    }
    expect(emulator.prompts.size).toBe(0);
  });

  it.each([[undefined], [null], [''], ['A'.repeat(14)]])(
    'is refused for its description %j under the name of Remarks',
    async (TransactionDesc) => {
      const { client } = await setStage();

      expect(bodyOf(await client.push({ TransactionDesc }))).toMatchObject({
        errorMessage: 'Bad Request - Invalid Remarks',
      });
    },
  );

  it('is refused for Buy Goods where the shortcode has no till', async () => {
    const { client } = await setStage();

    expect(bodyOf(await client.push({ TransactionType: 'CustomerBuyGoodsOnline' }))).toMatchObject({
      errorMessage: 'Bad Request - Invalid TransactionType',
    });
  });
});

describe('a push that does not identify itself', () => {
  it('is refused with a misleading error if it does not say that it is JSON', async () => {
    const { client } = await setStage();

    for (const type of [undefined, 'text/plain', 'application/jsonp']) {
      const headers: Record<string, string> = { authorization: `Bearer ${client.token}` };
      if (type) headers['content-type'] = type;
      const answer = await client.push({}, headers);
      expect(answer.status).toBe(400);
      expect(bodyOf(answer)).toMatchObject({
        errorMessage: 'Bad Request - Invalid BusinessShortCode',
      });
    }
  });

  it.each(['', '{', '[]', 'null', '"text"', '{"a":1}}'])(
    'is refused for the body %j',
    async (body) => {
      const { client } = await setStage();

      const answer = await client.post('/mpesa/stkpush/v1/processrequest', body);

      expect(answer.status).toBe(400);
      expect(bodyOf(answer)).toMatchObject({ errorCode: '400.002.05' });
    },
  );

  it('is refused with 404, not 401, without a token that holds', async () => {
    const { client, clock, emulator } = await setStage({ tokenLifetimeMs: 10_000 });
    const invalid = {
      requestId: expect.any(String),
      errorCode: '404.001.03',
      errorMessage: 'Invalid Access Token',
    };
    const refusalWith = async (authorization: string | undefined): Promise<unknown> => {
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (authorization !== undefined) headers.authorization = authorization;
      const answer = await client.push({}, headers);
      return [answer.status, bodyOf(answer)];
    };

    for (const wrong of [undefined, 'Bearer', 'Bearer nonsense', `Basic ${client.token}`]) {
      expect(await refusalWith(wrong)).toEqual([404, invalid]);
    }
    const replaced = client.token;
    await client.authorize();
    expect(await refusalWith(`Bearer ${replaced}`)).toEqual([404, invalid]);
    clock.advance(9_999);
    expect((await client.push()).status).toBe(200);
    clock.advance(1);
    expect(await refusalWith(`Bearer ${client.token}`)).toEqual([404, invalid]);
    await client.authorize();
    emulator.revokeTokens();
    expect(await refusalWith(`Bearer ${client.token}`)).toEqual([404, invalid]);
  });

  it('is refused for a shortcode that is not the one of its token', async () => {
    const other = { ...EMULATOR_ACCOUNT, consumerKey: 'other', shortCode: '600000' };
    const { client } = await setStage({ credentials: [EMULATOR_ACCOUNT, other] });

    for (const BusinessShortCode of ['600000', '123456']) {
      const answer = await client.push({ BusinessShortCode });
      expect(answer.status).toBe(500);
      expect(bodyOf(answer)).toMatchObject({
        errorCode: '500.001.1001',
        errorMessage: 'Merchant does not exist',
      });
    }
  });

  it('is refused for a password of another timestamp', async () => {
    const { client } = await setStage();

    const answer = await client.push({ Timestamp: '20261002180406' });

    expect(answer.status).toBe(500);
    expect(bodyOf(answer)).toMatchObject({
      errorCode: '500.001.1001',
      errorMessage: 'Wrong credentials',
    });
  });
});

describe('a push that is accepted and yet wrong', () => {
  const till = { ...EMULATOR_ACCOUNT, tillNumber: '5551234' };

  it.each([
    ['another PartyB', [EMULATOR_ACCOUNT], { PartyB: '600000' }, 'SFC_IC0003'],
    [
      'the store number as PartyB of Buy Goods',
      [till],
      { TransactionType: 'CustomerBuyGoodsOnline' },
      'SFC_IC0003',
    ],
    ['PayBill for a till', [till], { PartyB: '5551234' }, 2028],
  ])('%s: fails after the PIN', async (_what, credentials, fields, code) => {
    const { client, emulator, callbacks } = await setStage({ credentials });

    const id = checkoutIdOf(await client.push(fields));
    expect(emulator.prompts.get(id)!.status).toBe('ringing');
    emulator.approve(id);
    await emulator.idle();

    expect(callbacks()).toEqual([expect.objectContaining({ ResultCode: code })]);
    expect(emulator.prompts.get(id)).toMatchObject({ status: 'failed', receipt: null });
  });

  it('pays a till with the right PartyB', async () => {
    const { client, emulator, callbacks } = await setStage({ credentials: till });
    const fields = { TransactionType: 'CustomerBuyGoodsOnline', PartyB: '5551234' };

    emulator.approve(checkoutIdOf(await client.push(fields)));
    await emulator.idle();

    expect(callbacks()).toEqual([expect.objectContaining({ ResultCode: 0 })]);
  });
});

it('refuses a second push to a phone until the first is over', async () => {
  const { client, emulator } = await setStage();
  const id = checkoutIdOf(await client.push());

  const second = await client.push({ Amount: 5 });
  expect(second.status).toBe(500);
  expect(bodyOf(second)).toMatchObject({
    errorCode: '500.001.1001',
    errorMessage:
      'Unable to lock subscriber, a transaction is already in process for the current subscriber',
  });
  expect((await client.push({ PhoneNumber: '254711111111' })).status).toBe(200);
  emulator.cancel(id);
  expect((await client.push({ Amount: 5 })).status).toBe(200);
});
