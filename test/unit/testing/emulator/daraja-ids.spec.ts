import { DarajaIds } from '../../../../lib/testing/emulator/daraja-ids.js';

const at = (text: string): number => Date.parse(text);

// Dates and first three characters of recorded receipts.
it.each([
  ['2018-01-24T14:47:54+03:00', 'MAO'],
  ['2019-03-11T12:21:21+03:00', 'NCB'],
  ['2024-08-12T10:38:01+03:00', 'SHC'],
  ['2026-05-04T21:04:28+03:00', 'UE4'],
  ['2026-10-01T23:59:59Z', 'UJ2'],
  ['2031-12-31T12:00:00+03:00', 'ZLV'],
])('dates a receipt of %s with %s', (instant, prefix) => {
  expect(new DarajaIds(1).receipt(at(instant))).toMatch(new RegExp(`^${prefix}[A-Z0-9]{7}$`));
});

it('makes no id twice, even while the clock stands still', () => {
  const ids = new DarajaIds(1);
  const now = at('2026-10-02T15:04:05.998Z');
  const made = Array.from({ length: 2_000 }, () => [
    ids.checkoutRequest(now, '254708374149'),
    ids.request(),
    ids.receipt(now),
  ]).flat();

  expect(new Set(made).size).toBe(made.length);
  expect(made[0]).toBe('ws_CO_02102026180405998708374149');
  expect(made[6]).toBe('ws_CO_02102026180406000708374149');
});
