import { BROKEN_RULES } from './support/broken-rules.js';
import { World } from './support/world.js';

const MINUTE_MS = 60_000;
/** Worlds that are tried until one notices. */
const WORLDS = 20;

// A simulation that lets these pass would prove nothing of the rules that hold.
it.each(Object.entries(BROKEN_RULES))(
  'the simulation notices where %s',
  async (_, { rule, notices }) => {
    const found: string[] = [];
    for (
      let seed = 1;
      seed <= WORLDS && !found.some((what) => what.startsWith(notices));
      seed += 1
    ) {
      const world = new World({ seed, payments: 150, openMs: 5 * MINUTE_MS, broken: rule });
      found.push(...(await world.run(25 * MINUTE_MS)));
    }
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${notices}\\b`)));
  },
  300_000,
);
