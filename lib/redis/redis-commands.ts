import type { RedisClient } from './redis-client.js';

/** How long an answer is waited for, in ms. */
const ANSWER_WITHIN_MS = 1_000;
/** How long Redis is left alone after a failure, in ms: not every push is to wait for a time-out. */
const REST_MS = 1_000;

/** Commands to either kind of client, none of which is waited for long. */
export class RedisCommands {
  #restsUntil = -Infinity;

  constructor(private readonly client: RedisClient) {}

  /** @throws where Redis fails, is not there, or was not there a moment ago */
  async run(...command: [string, ...string[]]): Promise<unknown> {
    if (performance.now() < this.#restsUntil) throw new Error('Redis did not answer');
    try {
      return await inTime(this.send(command));
    } catch (error) {
      this.#restsUntil = performance.now() + REST_MS;
      throw error;
    }
  }

  private send([name, ...args]: [string, ...string[]]): Promise<unknown> {
    const { client } = this;
    return 'call' in client ? client.call(name, ...args) : client.sendCommand([name, ...args]);
  }
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error('Redis did not answer in time'));
    }, ANSWER_WITHIN_MS);
    timer.unref();
    answer.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
