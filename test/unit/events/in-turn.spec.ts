import { inTurn } from '../../../lib/events/in-turn.js';
import { settled } from '../../support/fake-clock.js';
import { deferred } from './events-app.js';

describe('inTurn', () => {
  it('runs one after the other, and once for all who call while it waits for its turn', async () => {
    const gates = [deferred(), deferred()];
    let runs = 0;
    const call = inTurn(async () => {
      runs += 1;
      const run = runs;
      await gates[run - 1]?.promise;
      return run;
    });
    const first = call();
    await settled();
    const waiting = [call(), call()];
    await settled();
    expect(runs).toBe(1);
    gates[0]!.resolve();
    await settled();
    const last = call();
    expect(runs).toBe(2);
    gates[1]!.resolve();
    expect(await Promise.all([first, ...waiting, last])).toEqual([1, 2, 2, 3]);
  });
});
