import {
  callbackUrlWithToken,
  drawCallbackToken,
  hashCallbackToken,
  isCallbackToken,
} from '../../../lib/attempts/callback-token.js';

describe('callback token', () => {
  it('is 32 bytes as 43 base64url characters, another one each time', () => {
    const tokens = Array.from({ length: 1_000 }, drawCallbackToken);

    expect(new Set(tokens).size).toBe(1_000);
    for (const token of tokens) {
      expect(isCallbackToken(token)).toBe(true);
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    }
  });

  it.each([
    ['nothing', ''],
    ['42 characters', 'a'.repeat(42)],
    ['44 characters', 'a'.repeat(44)],
    ['a line break at its end', `${'a'.repeat(43)}\n`],
    ['padding', `${'a'.repeat(42)}=`],
    ['base64, not base64url', `${'a'.repeat(42)}+`],
    ['a letter outside ASCII', `${'a'.repeat(42)}é`],
    ['no text', 43],
    ['a list of one token', ['a'.repeat(43)]],
    ['undefined', undefined],
  ])('is not %s', (_what, value) => {
    expect(isCallbackToken(value)).toBe(false);
  });

  it('is hashed as its characters, so that strings of the same bytes differ', () => {
    // The last character carries 4 bits that count: these two decode to the same bytes.
    const [one, other] = [`${'A'.repeat(42)}A`, `${'A'.repeat(42)}B`];

    expect(Buffer.from(one, 'base64url')).toEqual(Buffer.from(other, 'base64url'));
    expect(hashCallbackToken(one)).not.toBe(hashCallbackToken(other));
    // Computed with `printf %s AAA… | sha256sum`.
    expect(hashCallbackToken(one)).toBe(
      '0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a',
    );
  });

  it.each([
    ['https://shop.example/api/stk/callback', 'https://shop.example/api/stk/callback/TOKEN'],
    ['https://shop.example/stk/callback/', 'https://shop.example/stk/callback/TOKEN'],
    ['https://shop.example', 'https://shop.example/TOKEN'],
    ['https://SHOP.example:8443/cb', 'https://shop.example:8443/cb/TOKEN'],
    ['https://shop.example/cb?shop=1', 'https://shop.example/cb/TOKEN?shop=1'],
  ])('is the last segment of the path of %s', (url, expected) => {
    expect(callbackUrlWithToken(url, 'TOKEN')).toBe(expected);
  });
});
