import { alternate } from '../support/alternate.js';
import { Child } from '../support/child.js';
import { type Figure, judged } from '../support/report.js';
import { spread, withSpread } from '../support/statistics.js';
import type { Booted } from './boot.app.js';

const PATIENCE_MS = 60_000;
const TO_REACH = { ms: 60, residentMiB: 15 };

/** From the start of a process until it listens, with the module and without; the rest is alike. */
export async function boot(rounds: number): Promise<Figure[]> {
  const start = (module: string) => async () => {
    const child = Child.start('boot/boot.app.js', { BENCH_MODULE: module });
    const booted = await child.next<Booted>('booted', PATIENCE_MS);
    await child.kill();
    return booted;
  };
  const results = await alternate(
    { with: start('mpesa'), without: start('none') },
    { rounds, warmUps: 1 },
  );
  const figure = (measured: string, what: keyof typeof TO_REACH, unit: string): Figure => {
    const more = spread(
      results.with.map((booted, n) => booted[what] - (results.without[n]?.[what] ?? NaN)),
    );
    const before = withSpread(spread(results.without.map((booted) => booted[what])));
    return judged(
      {
        measured,
        against: 'the same without the module',
        result: `+${withSpread(more)} ${unit}, of ${before}`,
        toReach: `<= +${TO_REACH[what]} ${unit}`,
      },
      more.median <= TO_REACH[what],
    );
  };
  return [
    figure('start of an application', 'ms', 'ms'),
    figure('its resident memory', 'residentMiB', 'MiB'),
  ];
}
