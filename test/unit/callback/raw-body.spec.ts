import { rawBodyOf } from '../../../lib/callback/raw-body.js';

describe('rawBodyOf', () => {
  it('is the bytes as text where there are bytes, else the body as JSON', () => {
    const rawBody = Buffer.from('{ "a": 1 }');
    expect(rawBodyOf({ body: { a: 1 }, rawBody })).toBe('{ "a": 1 }');
    expect(rawBodyOf({ body: { a: 1 } })).toBe('{"a":1}');
    expect(rawBodyOf({ body: 'text' })).toBe('"text"');
  });

  it.each([
    ['nothing', undefined],
    ['a function', () => 1],
    ['a number that JSON has no word for', 1n],
    [
      'a getter that throws',
      {
        get a() {
          throw new Error('no');
        },
      },
    ],
  ])('is null of %s', (_what, body) => {
    expect(rawBodyOf({ body })).toBeNull();
  });

  it('is something that every database can store, of whatever bytes', () => {
    const raw = rawBodyOf({
      body: null,
      rawBody: Buffer.from([0x61, 0x00, 0xff, 0xed, 0xa0, 0x80]),
    });
    expect(raw).toMatch(/^a\ufffd+$/);
  });

  it('is cut after 16 KiB', () => {
    const rawBody = Buffer.alloc(1_000_000, 'a');
    expect(rawBodyOf({ body: null, rawBody })).toHaveLength(16_384);
    expect(rawBodyOf({ body: 'a'.repeat(1_000_000) })).toHaveLength(16_384);
  });
});
