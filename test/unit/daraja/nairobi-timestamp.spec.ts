import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { nairobiTimestamp } from '../../../lib/daraja/nairobi-timestamp.js';

const NAIROBI = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Africa/Nairobi',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

function byIntl(instant: number): string {
  const parts = Object.fromEntries(
    NAIROBI.formatToParts(instant).map(({ type, value }) => [type, value]),
  );
  return ['year', 'month', 'day', 'hour', 'minute', 'second'].map((type) => parts[type]).join('');
}

describe('nairobiTimestamp', () => {
  it.each([
    ['2026-11-24T10:15:30.999Z', '20261124131530'],
    ['2025-12-31T21:00:00Z', '20260101000000'],
    ['2024-02-29T20:59:59.999Z', '20240229235959'],
    ['1970-01-01T00:00:00Z', '19700101030000'],
  ])('writes %s as %s', (instant, expected) => {
    expect(nairobiTimestamp(Date.parse(instant))).toBe(expected);
  });

  it('agrees with the time zone database', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (date) => {
          expect(nairobiTimestamp(date.getTime())).toBe(byIntl(date.getTime()));
        },
      ),
    );
  });

  it.each(['America/Los_Angeles', 'Asia/Kolkata', 'Pacific/Kiritimati', 'Europe/Berlin'])(
    'does not depend on the host being in %s',
    (timeZone) => {
      // The function as it stands, in a process that was started in that zone.
      const script = `
        const nairobiTimestamp = ${nairobiTimestamp.toString().replaceAll('EAST_AFRICA_TIME_MS', '10800000')};
        process.stdout.write(new Date(0).getTimezoneOffset() + ' ' + nairobiTimestamp(Date.UTC(2026, 6, 1, 22, 30)));`;
      const output = execFileSync(process.execPath, ['-e', script], {
        env: { ...process.env, TZ: timeZone },
        encoding: 'utf8',
      });
      const [offset, timestamp] = output.split(' ');
      expect(offset).not.toBe('-180');
      expect(timestamp).toBe('20260702013000');
    },
  );
});
