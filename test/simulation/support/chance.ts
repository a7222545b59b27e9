import { SeededRandom } from '../../../lib/testing/emulator/seeded-random.js';

/** What a world draws by lot: all of it from one seed. */
export class Chance {
  private readonly random: SeededRandom;

  constructor(seed: number, stream = 'world') {
    this.random = new SeededRandom(seed, stream);
  }

  readonly next = (): number => this.random.next();

  happens(probability: number): boolean {
    return this.random.next() < probability;
  }

  between(from: number, to: number): number {
    return from + this.random.next() * (to - from);
  }

  pick<T>(weights: readonly (readonly [number, T])[]): T {
    const total = weights.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.random.next() * total;
    for (const [weight, value] of weights) {
      left -= weight;
      if (left < 0) return value;
    }
    return weights.at(-1)![1];
  }
}
