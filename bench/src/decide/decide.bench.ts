import { parseStkCallback } from 'nestjs-mpesa';
import { benchCallback } from '../settle/callback-request.js';
import { alternate, ratios } from '../support/alternate.js';
import { type Figure, judgedRatio, reported } from '../support/report.js';
import { spread, withSpread } from '../support/statistics.js';

/** Of the package's inside, which only the benchmark is shown. */
interface Inside {
  parseStrictJson: (bytes: Uint8Array) => unknown;
}

const WARM_UPS = 3;

/** Reading a callback's bytes into what is decided on, against `JSON.parse()` of the same text. */
export async function readCallback(size: { rounds: number; calls: number }): Promise<Figure[]> {
  const file = new URL('../../../dist/cjs/callback/strict-json.js', import.meta.url);
  const { parseStrictJson } = (await import(file.href)) as Inside;
  const json = JSON.stringify(benchCallback('A', 1));
  const bytes = Buffer.from(json);
  const micros = (call: () => unknown) => () => {
    const cpu = process.cpuUsage();
    for (let n = 0; n < size.calls; n += 1) call();
    const { user, system } = process.cpuUsage(cpu);
    return Promise.resolve((user + system) / size.calls);
  };
  const results = await alternate(
    {
      plain: micros(() => JSON.parse(json) as unknown),
      strict: micros(() => parseStrictJson(bytes)),
      whole: micros(() => parseStkCallback(parseStrictJson(bytes))),
    },
    { rounds: size.rounds, warmUps: WARM_UPS },
  );
  const against = 'JSON.parse()';
  const { plain, strict, whole } = results;
  return [
    judgedRatio('CPU of reading a callback', against, spread(ratios(whole, plain)), { atMost: 5 }),
    reported('of that, strict JSON', against, withSpread(spread(ratios(strict, plain)))),
    reported(
      'the first in µs',
      against,
      `${withSpread(spread(whole))} : ${withSpread(spread(plain))}`,
    ),
  ];
}
