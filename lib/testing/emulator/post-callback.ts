import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { CallbackDelivery } from './emulator-delivery.js';

/** How long a receiver may take in all. Real time: what is waited for is a real connection. */
const TIMEOUT_MS = 5_000;

/**
 * One POST on a connection of its own; follows no redirect. Rejects if there is no whole answer.
 */
export const postCallback = (delivery: CallbackDelivery): Promise<{ status: number }> =>
  new Promise((resolve, reject) => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const send = delivery.url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(delivery.url, {
      method: 'POST',
      agent: false,
      headers: { ...delivery.headers, 'Content-Length': Buffer.byteLength(delivery.body) },
      signal: AbortSignal.any([delivery.signal, timeout]),
    });
    request.on('error', (error) => {
      reject(timeout.aborted ? new Error(`No answer within ${TIMEOUT_MS} ms`) : error);
    });
    request.on('response', (response) => {
      response.resume();
      response.on('error', reject);
      response.on('close', () => {
        if (response.complete) resolve({ status: response.statusCode ?? 0 });
        else reject(new Error('The answer broke off'));
      });
    });
    request.end(delivery.body);
  });
