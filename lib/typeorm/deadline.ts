import { DatabaseError } from './database.error.js';

/** The time that one operation of the store may take, by this machine's own timers. */
export class Deadline {
  private readonly at: number;

  constructor(limitMs: number) {
    this.at = performance.now() + limitMs;
  }

  get leftMs(): number {
    return Math.max(0, Math.ceil(this.at - performance.now()));
  }

  /** The promise's outcome; or, where it does not come in time, an error, and `late` is called. */
  race<T>(promise: Promise<T>, late: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        late();
        reject(new DatabaseError('timeout', 'The database did not answer in time'));
      }, this.leftMs);
      promise.then(resolve, reject).finally(() => {
        clearTimeout(timer);
      });
    });
  }
}
