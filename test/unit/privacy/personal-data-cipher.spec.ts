import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { PersonalDataCipher } from '../../../lib/privacy/personal-data-cipher.js';

const key = (): string => randomBytes(32).toString('base64');
const [first, second] = [key(), key()];
const PHONE = '254712345678';

describe('PersonalDataCipher', () => {
  const cipher = new PersonalDataCipher([first]);

  it('opens what it sealed, whatever it was, and seals it another way each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const sealed = [1, 2].map(() => cipher.seal(text, 'callback'));
        expect(sealed.map((each) => cipher.open(each, 'callback'))).toEqual([text, text]);
        expect(sealed[0]).not.toBe(sealed[1]);
        const fixed = cipher.sealFixed(text, 'checkout-request-id');
        expect(cipher.sealFixed(text, 'checkout-request-id')).toBe(fixed);
        expect(cipher.open(fixed, 'checkout-request-id')).toBe(text);
      }),
    );
  });

  it('opens nothing that was changed, moved to another column or sealed by another key', () => {
    const sealed = cipher.seal(PHONE, 'phone');
    expect(sealed).not.toContain(PHONE);
    // Not the last character: some of its bits may mean nothing.
    const at = sealed.length - 2;
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    expect(cipher.open(changed, 'phone')).toBeNull();
    expect(cipher.open(sealed, 'callback')).toBeNull();
    expect(new PersonalDataCipher([second]).open(sealed, 'phone')).toBeNull();
    expect(new PersonalDataCipher().open(sealed, 'phone')).toBeNull();
    for (const damaged of ['~1.', '~1.x', '~1.x.', sealed.slice(0, 20)]) {
      expect(cipher.open(damaged, 'phone')).toBeNull();
    }
  });

  it('reads with former keys and writes with the first one', () => {
    const rotated = new PersonalDataCipher([second, first]);
    expect(rotated.open(cipher.seal(PHONE, 'phone'), 'phone')).toBe(PHONE);
    expect(cipher.open(rotated.seal(PHONE, 'phone'), 'phone')).toBeNull();
    expect(rotated.lookupForms(PHONE)).toContain(cipher.lookup(PHONE));
    expect(rotated.lookup(PHONE)).not.toBe(cipher.lookup(PHONE));
    const id = 'ws_CO_260920262019337712345678';
    expect(rotated.fixedForms(id, 'checkout-request-id')).toContain(
      cipher.sealFixed(id, 'checkout-request-id'),
    );
  });

  it('leaves clear text without a key, and reads it once there is one', () => {
    const clear = new PersonalDataCipher();
    expect([clear.seal(PHONE, 'phone'), clear.lookup(PHONE)]).toEqual([PHONE, PHONE]);
    expect(cipher.open(PHONE, 'phone')).toBe(PHONE);
    expect(cipher.lookupForms(PHONE)).toContain(PHONE);
  });

  it('finds a number by a keyed hash that nobody computes without the key', () => {
    expect(cipher.lookup(PHONE)).toMatch(/^[0-9a-f]{64}$/);
    expect(new PersonalDataCipher([first]).lookup(PHONE)).toBe(cipher.lookup(PHONE));
    expect(new PersonalDataCipher([second]).lookup(PHONE)).not.toBe(cipher.lookup(PHONE));
  });
});
