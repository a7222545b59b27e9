import Sequencer from '@jest/test-sequencer';

const LONGEST = ['/test/simulation/simulation.spec.ts', '/test/processes/', '/test/services/'];

const rankOf = ({ path }) => {
  const rank = LONGEST.findIndex((part) => path.includes(part));
  return rank < 0 ? LONGEST.length : rank;
};

/**
 * A clean clone knows no durations. Begun last, the simulation would be waited for alone, in a process
 * whose memory is full of what ran before it.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rankOf(a) - rankOf(b));
  }
}
