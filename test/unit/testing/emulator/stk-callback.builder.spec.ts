import { readFileSync } from 'node:fs';
import { darajaResponse } from '../../../../lib/testing/emulator/daraja-response.builder.js';
import { stkCallback } from '../../../../lib/testing/emulator/stk-callback.builder.js';

interface Sample {
  kind: string;
  http?: number;
  raw?: string;
  payload: unknown;
}

const samples = JSON.parse(readFileSync('test/fixtures/daraja-samples.json', 'utf8')) as Sample[];
const sample = (kind: string, containing: string): unknown => {
  const found = samples.find(
    (each) => each.kind === kind && JSON.stringify(each.payload).includes(containing),
  );
  if (!found) throw new Error(`No sample ${kind} with ${containing}`);
  return found.payload;
};

describe('a built callback is the recorded one', () => {
  it('of a payment in 2026, without Balance', () => {
    expect(
      stkCallback.success({
        merchantRequestId: '4ddd-4866-824e-3f944c695ba350353555',
        checkoutRequestId: 'ws_CO_04052026210410237768000000',
        amount: 1,
        receipt: 'UE4JS31RBV',
        paidAt: new Date('2026-05-04T21:04:28+03:00'),
        phoneNumber: '254768000000',
      }),
    ).toEqual(sample('callback.success', 'UE4JS31RBV'));
  });

  it('of a payment in 2024, with a Balance that has no value', () => {
    expect(
      stkCallback.success({
        merchantRequestId: 'f1e2-4b95-a71d-b30d3cdbb7a71224224',
        checkoutRequestId: 'ws_CO_12082024103757041726000000',
        receipt: 'SHC7S6SHXP',
        paidAt: new Date('2024-08-12T10:38:01+03:00'),
        phoneNumber: '254726000000',
        balance: null,
      }),
    ).toEqual(sample('callback.success', 'SHC7S6SHXP'));
  });

  it('of a failure with a lettered code', () => {
    expect(
      stkCallback.failure('SFC_IC0003', {
        merchantRequestId: '40617-17188129-1',
        checkoutRequestId: 'ws_CO_22062021155116737510',
      }),
    ).toEqual(sample('callback.failure.SFC_IC0003', '40617-17188129-1'));
  });
});

describe('a built callback', () => {
  it('needs no details', () => {
    expect(stkCallback.success()).toMatchObject({ Body: { stkCallback: { ResultCode: 0 } } });
    expect(stkCallback.failure(1032).Body.stkCallback).not.toHaveProperty('CallbackMetadata');
  });

  it('can have a masked phone or none, and text for code and amount', () => {
    const items = (details: Parameters<typeof stkCallback.success>[0]) =>
      stkCallback.success(details).Body.stkCallback.CallbackMetadata!.Item;

    expect(items({ phoneNumber: '254708***149' })).toContainEqual({
      Name: 'PhoneNumber',
      Value: '254708***149',
    });
    expect(items({ phoneNumber: null }).map(({ Name }) => Name)).not.toContain('PhoneNumber');
    expect(items({ amount: '100.00' })).toContainEqual({ Name: 'Amount', Value: '100.00' });
    expect(stkCallback.success({ resultCode: '0' }).Body.stkCallback.ResultCode).toBe('0');
  });
});

describe('a built response is the recorded one', () => {
  const requestId = '2ba8-4165-beca-292db11f9ef8358609';

  it.each([
    ['oauth.success', '"3599"', darajaResponse.token()],
    ['oauth.success', ':3599', darajaResponse.token({ expiresIn: 3599 })],
    [
      'push.success.documented',
      'ws_CO_',
      darajaResponse.accepted({
        merchantRequestId: '2654-4b64-97ff-b827b542881d3130',
        checkoutRequestId: 'ws_CO_1007202409152617172396192',
      }),
    ],
    [
      'push.error.404.001.03',
      'd5f6',
      darajaResponse.invalidAccessToken('d5f6-4248-abac-c6b110aa939c34165579'),
    ],
    [
      'push.error.400.002.02',
      '9458-79414631-1',
      darajaResponse.badRequest('PhoneNumber', '9458-79414631-1'),
    ],
    [
      'push.error.500.001.1001',
      requestId,
      darajaResponse.error({
        status: 500,
        errorCode: '500.001.1001',
        errorMessage: 'Wrong credentials',
        requestId,
      }),
    ],
    ['gateway.apigee.429', 'Spike', darajaResponse.spikeArrest()],
    ['gateway.soap_fault', 'Fault', darajaResponse.soapFault(503)],
  ])('%s %s', (kind, containing, reply) => {
    expect(JSON.parse(reply.body)).toEqual(sample(kind, containing));
  });

  it('of a query, with the result code as text', () => {
    expect(JSON.parse(darajaResponse.queryResult({ resultCode: 1037 }).body)).toMatchObject({
      ResponseCode: '0',
      ResultCode: '1037',
      ResultDesc: 'DS timeout user cannot be reached.',
    });
  });

  it('may be no JSON, or nothing', () => {
    expect(() => JSON.parse(darajaResponse.htmlPage(502).body) as unknown).toThrow();
    expect(darajaResponse.empty(400)).toMatchObject({ status: 400, body: '' });
  });
});
