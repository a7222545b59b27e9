import { resultText } from './result-texts.js';

/**
 * One HTTP answer, as bytes would be: the body is text, and may be no JSON at all.
 * @publicApi
 */
export interface DarajaReply {
  /** HTTP status. */
  status: number;
  /** By name. */
  headers: Record<string, string>;
  /** As text. */
  body: string;
}

const DEFAULT_REQUEST_ID = '2ba8-4165-beca-292db11f9ef8358609';
const DEFAULT_IDS = {
  merchantRequestId: '4ddd-4866-824e-3f944c695ba350353555',
  checkoutRequestId: 'ws_CO_04052026210410237708374149',
};

const json = (status: number, body: object): DarajaReply => ({
  status,
  headers: { 'Content-Type': 'application/json;charset=UTF-8', 'Cache-Control': 'no-store' },
  body: JSON.stringify(body),
});

const error = (details: {
  status: number;
  errorCode: string;
  /** Left out of the body when undefined: Daraja does that at times. */
  errorMessage?: string;
  requestId?: string;
}): DarajaReply => {
  const { status, errorCode, errorMessage, requestId = DEFAULT_REQUEST_ID } = details;
  return json(status, { requestId, errorCode, errorMessage });
};

const fault = (status: number, faultstring: string, errorcode: string): DarajaReply =>
  json(status, { fault: { faultstring, detail: { errorcode } } });

/**
 * Daraja's answers, for unit tests of code that talks to Daraja. Every one is of a shape that is
 * documented on the Daraja 3.0 portal or was recorded.
 * @publicApi
 */
export const darajaResponse = {
  /** OAuth. `expiresIn` in seconds; text by default, as most recordings have it. */
  token: (details: { accessToken?: string; expiresIn?: string | number } = {}): DarajaReply =>
    json(200, {
      access_token: details.accessToken ?? 'c9SQxWWhmdVRlyh0zh8gZDTkubVF',
      expires_in: details.expiresIn ?? '3599',
    }),

  /** The push was taken: the phone will be asked. */
  accepted: (ids: { merchantRequestId?: string; checkoutRequestId?: string } = {}): DarajaReply =>
    json(200, {
      MerchantRequestID: ids.merchantRequestId ?? DEFAULT_IDS.merchantRequestId,
      CheckoutRequestID: ids.checkoutRequestId ?? DEFAULT_IDS.checkoutRequestId,
      ResponseCode: '0',
      ResponseDescription: 'Success. Request accepted for processing',
      CustomerMessage: 'Success. Request accepted for processing',
    }),

  /**
   * The query's answer; the result code is text here, unlike in the callback. 4999 means pending.
   */
  queryResult: (details: {
    resultCode: number | string;
    resultDesc?: string;
    merchantRequestId?: string;
    checkoutRequestId?: string;
  }): DarajaReply =>
    json(200, {
      ResponseCode: '0',
      ResponseDescription: 'The service request has been accepted successsfully',
      MerchantRequestID: details.merchantRequestId ?? DEFAULT_IDS.merchantRequestId,
      CheckoutRequestID: details.checkoutRequestId ?? DEFAULT_IDS.checkoutRequestId,
      ResultCode: String(details.resultCode),
      ResultDesc: details.resultDesc ?? resultText(details.resultCode, 'query'),
    }),

  /**
   * `{ requestId, errorCode, errorMessage }`, with any HTTP status: Daraja sends it with 200 too.
   */
  error,

  /** 400.002.02, the answer to a field that Daraja does not like. */
  badRequest: (field: string, requestId?: string): DarajaReply =>
    error({
      status: 400,
      errorCode: '400.002.02',
      errorMessage: `Bad Request - Invalid ${field}`,
      requestId,
    }),

  /** 404.001.03: the token has expired, or another one was asked for since. A 404, not a 401. */
  invalidAccessToken: (requestId?: string): DarajaReply =>
    error({
      status: 404,
      errorCode: '404.001.03',
      errorMessage: 'Invalid Access Token',
      requestId,
    }),

  /** An error of the gateway in front of Daraja, in its own shape. */
  fault,

  /** 429 of the gateway, with the limit that was recorded in the sandbox: 5 a minute. */
  spikeArrest: (): DarajaReply =>
    fault(
      429,
      'Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5, periodInMicroseconds=60000000, maxBurstMessageCount=1.0}',
      'policies.ratelimit.SpikeArrestViolation',
    ),

  /** A fault of the backend in the shape of SOAP; its `Body` is no callback. */
  soapFault: (status: number): DarajaReply =>
    json(status, {
      Envelope: {
        encodingStyle: 'http://schemas.xmlsoap.org/soap/encoding/',
        Body: {
          Fault: {
            faultcode: 'soap:Server',
            faultstring:
              'Execution of ServiceCallout SC-SearchURL failed. Reason: ResponseCode 503 is treated as error',
            faultactor: {},
            detail: { source: { errorcode: 'steps.servicecallout.ExecutionFailed' } },
          },
        },
      },
    }),

  /** A page for people, from something between you and Daraja. */
  htmlPage: (status: number): DarajaReply => ({
    status,
    headers: { 'Content-Type': 'text/html' },
    body: '<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"></head><body>Request unsuccessful. Incapsula incident ID: 173000240624511593-8199</body></html>',
  }),

  /** Nothing in the body; Daraja's own answer (400) to a wrong consumer key or secret. */
  empty: (status: number): DarajaReply => ({ status, headers: {}, body: '' }),
};
