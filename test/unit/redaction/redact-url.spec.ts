import { randomBytes } from 'node:crypto';
import { redactUrl } from '../../../lib/redaction/redact-url.js';

const token = randomBytes(32).toString('base64url');

describe('redactUrl', () => {
  it.each([
    [`https://shop.example/stk/callback/${token}`, 'https://shop.example/stk/callback/***'],
    [`/v1/stk/callback/${token}/`, '/v1/stk/callback/***/'],
    [`/stk/callback/${token}?a=b`, '/stk/callback/***?a=b'],
    [token, '***'],
    [`/${token}/${token}`, '/***/***'],
  ])('hides the token in %s', (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
  });

  it.each([
    'https://shop.example/stk/callback',
    `/stk/${token}x`,
    `/stk/${token.slice(1)}`,
    '',
    '/orders/0190a5b2-3c4d-7e8f-9012-3456789abcde',
  ])('leaves %s alone', (url) => {
    expect(redactUrl(url)).toBe(url);
  });
});
