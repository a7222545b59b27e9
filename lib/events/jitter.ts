/** `ms` give or take 20 %, so that instances which started together do not stay in step. */
export const jitter = (ms: number, random: () => number): number =>
  Math.round(ms * (0.8 + 0.4 * random()));
