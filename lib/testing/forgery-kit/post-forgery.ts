import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Forgery } from './forgery.js';

const DARAJA_HEADERS = { 'content-type': 'application/json;charset=UTF-8' };
const ANSWER_WITHIN_MS = 10_000;

/** Posts exactly these bytes and headers. Resolves with the answer in one line, or with what went wrong. */
export function postForgery(callbackUrl: URL, forgery: Forgery): Promise<string> {
  const target = new URL(callbackUrl);
  if (forgery.token !== undefined) {
    const path = target.pathname.slice(0, target.pathname.lastIndexOf('/'));
    target.pathname = forgery.token === '' ? path : `${path}/${forgery.token}`;
  }
  const body = Buffer.from(forgery.body as Buffer);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const request = send(target, {
      method: 'POST',
      agent: false,
      headers: { ...(forgery.headers ?? DARAJA_HEADERS), 'content-length': body.length },
    });
    request.on('error', (error) => {
      resolve(`no answer: ${error.message}`);
    });
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', () => undefined);
      response.on('close', () => {
        const text = Buffer.concat(parts).toString();
        resolve([response.statusCode, response.headers['content-type'], text].join(' '));
      });
    });
    request.setTimeout(ANSWER_WITHIN_MS, () => {
      request.destroy(new Error(`nothing within ${ANSWER_WITHIN_MS} ms`));
    });
    request.end(body);
  });
}
