import { describeError } from '../../redaction/describe-error.js';
import { findingsOf, type Finding } from './finding.js';

const { ok, warn } = findingsOf('clock');
/** The Date header counts in seconds, and takes its time on the way. */
const TOLERATED_MS = 5_000;

/** This machine's time against the `Date` of Daraja's host. */
export async function checkClock({ origin }: URL, signal: AbortSignal): Promise<Finding> {
  const before = Date.now();
  let date: number;
  try {
    const { headers } = await fetch(origin, { method: 'HEAD', redirect: 'manual', signal });
    date = Date.parse(headers.get('date') ?? '');
  } catch (error) {
    return warn(`not compared: ${describeError(error)}`, 'Look at the time by other means.');
  }
  if (Number.isNaN(date)) {
    return warn('not compared: Daraja told no time', 'Look at the time by other means.');
  }
  // The true time is between the second that was told and the next; the answer took up to `took`.
  const took = Date.now() - before;
  const ahead = Math.round(before + took / 2 - (date + 500));
  const seconds = Math.round(Math.abs(ahead) / 1_000);
  return Math.abs(ahead) - took / 2 <= TOLERATED_MS
    ? ok('agrees with that of Daraja')
    : warn(
        `is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} that of Daraja`,
        'Set it by NTP: passwords and times of attempts are made from it.',
      );
}
