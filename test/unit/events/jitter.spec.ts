import { jitter } from '../../../lib/events/jitter.js';

describe('jitter', () => {
  it.each([
    [0, 400],
    [0.5, 500],
    [0.999_999, 600],
  ])('with random number %d makes 500 ms %d ms', (random, ms) => {
    expect(jitter(500, () => random)).toBe(ms);
  });
});
