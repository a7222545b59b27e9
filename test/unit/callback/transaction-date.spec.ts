import fc from 'fast-check';
import { parseTransactionDate } from '../../../lib/callback/transaction-date.js';

describe('parseTransactionDate', () => {
  it.each([
    [20260504210428, '2026-05-04T18:04:28.000Z'],
    ['20260504210428', '2026-05-04T18:04:28.000Z'],
    // Nairobi is a day, and a year, ahead.
    [20260101000000, '2025-12-31T21:00:00.000Z'],
    [20240229120000, '2024-02-29T09:00:00.000Z'],
  ])('reads %p as Nairobi time', (value, expected) => {
    expect(parseTransactionDate(value)?.toISOString()).toBe(expected);
  });

  it.each([
    [undefined],
    [null],
    [''],
    [0],
    [NaN],
    [1.5],
    [2026050421042],
    ['2026-05-0421:04'],
    [202605042104280],
    ['2023-04-26 12:30:00'],
    ['2026-05-04T21:04:28.000Z'],
    ['20260504210428\n'],
    ['２０２６０５０４２１０４２８'],
    [20230229120000],
    [20260431120000],
    [20261301000000],
    [20260100000000],
    [20260504240000],
    [20260504216000],
    [new Date()],
    [[20260504210428]],
  ])('leaves %p out', (value) => {
    expect(parseTransactionDate(value)).toBeUndefined();
  });

  it('agrees with the time zone database, whatever the time zone of the host', () => {
    const nairobi = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Africa/Nairobi',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    const instants = fc.date({
      min: new Date('2007-01-01'),
      max: new Date('2100-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (instant) => {
        instant.setUTCMilliseconds(0);
        const digits = nairobi.format(instant).replace(/\D/g, '');
        expect(parseTransactionDate(digits)).toEqual(instant);
        expect(parseTransactionDate(Number(digits))).toEqual(instant);
      }),
    );
  });
});
