import { darajaResponse } from './daraja-response.builder.js';
import type { DarajaReply } from './daraja-response.builder.js';

interface AnswerIds {
  requestId: string;
  /** Of the payment that a query asks about. */
  checkoutRequestId?: string;
}

const internal =
  (errorCode: string, errorMessage?: string, status = 500) =>
  ({ requestId }: AnswerIds): DarajaReply =>
    darajaResponse.error({ status, errorCode, errorMessage, requestId });

/**
 * Answers that a script can call for by name. Where one code means many things, one name a meaning.
 */
export const NAMED_ANSWERS = {
  'invalid-access-token': ({ requestId }) => darajaResponse.invalidAccessToken(requestId),
  'wrong-credentials': internal('500.001.1001', 'Wrong credentials'),
  'merchant-does-not-exist': internal('500.001.1001', 'Merchant does not exist'),
  'subscriber-locked': internal(
    '500.001.1001',
    'Unable to lock subscriber, a transaction is already in process for the current subscriber',
  ),
  'does-not-exist': internal('500.001.1001', 'The transaction does not Exist'),
  /** A query's pending answer: the requestId is the CheckoutRequestID. */
  'being-processed': ({ requestId, checkoutRequestId }) =>
    darajaResponse.error({
      status: 500,
      errorCode: '500.001.1001',
      errorMessage: 'The transaction is being processed',
      requestId: checkoutRequestId ?? requestId,
    }),
  /** A query's pending answer: an error that says nothing, with status 200. */
  'blank-error': internal('500.001.1001', '', 200),
  /** The code and no message: seen of the query, even for a payment that is final. */
  'bare-error': internal('500.001.1001'),
  /** A query's pending answer for a real id that was asked about too soon. */
  'too-early': ({ requestId }) => darajaResponse.badRequest('CheckoutRequestID', requestId),
  'system-busy': internal('500.003.02', 'System is busy. Please try again in few minutes.'),
  'spike-arrest': () => darajaResponse.spikeArrest(),
  'spike-arrest-500': internal('500.003.02', 'Error Occurred: Spike Arrest Violation'),
  'quota-violation': internal('500.003.03', 'Quota Violation'),
  'internal-error': internal('500.003.1001', 'Internal Server Error'),
  'no-product': () => ({
    ...darajaResponse.empty(401),
    body: 'Error Occurred - Invalid Access Token - Invalid API call as no apiproduct match found',
  }),
  'soap-fault': () => darajaResponse.soapFault(503),
  'html-200': () => darajaResponse.htmlPage(200),
  'html-403': () => darajaResponse.htmlPage(403),
  'html-502': () => darajaResponse.htmlPage(502),
  'html-503': () => darajaResponse.htmlPage(503),
  'empty-body': () => darajaResponse.empty(200),
} satisfies Record<string, (ids: AnswerIds) => DarajaReply>;

/**
 * Name of a ready-made answer of Daraja.
 * @publicApi
 */
export type DarajaAnswerName = keyof typeof NAMED_ANSWERS;
