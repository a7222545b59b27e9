/**
 * Your own connection: an `ioredis` client, or one of `redis` (node-redis) that is connected. Turn its queue
 * for the time without a connection off (`enableOfflineQueue: false`, `disableOfflineQueue: true`): what
 * cannot be asked now is of no use later.
 * @publicApi
 */
export type RedisClient =
  | {
      /** Of `ioredis`. */
      call(command: string, ...args: string[]): Promise<unknown>;
    }
  | {
      /** Of `redis`. */
      sendCommand(command: string[]): Promise<unknown>;
    };
