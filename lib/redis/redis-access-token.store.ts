import { AccessTokenStore, type AccessTokenEntry } from '../daraja/access-token-store.js';
import type { RedisClient } from './redis-client.js';
import { RedisCommands } from './redis-commands.js';

const PREFIX = 'nestjs-mpesa:token:';
/** Longer than any token lives, in s. */
const KEEP_S = '86400';

/** Deletes the token if it is the one that is kept: `<expiresAt>:<token>`. */
const DELETE_TOKEN = `
local kept = redis.call('GET', KEYS[1])
if kept and string.sub(kept, string.find(kept, ':') + 1) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0`;

const DELETE_CLAIM = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0`;

/**
 * One access token for all instances, in Redis 7 or later: sealed, so of no use to who reads Redis. While
 * Redis is away each instance goes on with a token of its own, and the module says so once.
 *
 * ```ts
 * accessTokenStore: new RedisAccessTokenStore(new Redis(url, { enableOfflineQueue: false }))
 * ```
 * @publicApi
 */
export class RedisAccessTokenStore extends AccessTokenStore {
  readonly #redis: RedisCommands;

  constructor(client: RedisClient) {
    super();
    this.#redis = new RedisCommands(client);
  }

  async get(key: string): Promise<AccessTokenEntry | null> {
    const kept = await this.#redis.run('GET', PREFIX + key);
    if (typeof kept !== 'string') return null;
    const [, expiresAt, token] = /^(\d+):(.*)$/s.exec(kept) ?? [];
    return token === undefined ? null : { token, expiresAt: Number(expiresAt) };
  }

  async set(key: string, { token, expiresAt }: AccessTokenEntry): Promise<void> {
    const kept = `${String(Math.round(expiresAt))}:${token}`;
    await this.#redis.run('SET', PREFIX + key, kept, 'EX', KEEP_S);
  }

  async delete(key: string, token: string): Promise<void> {
    await this.#redis.run('EVAL', DELETE_TOKEN, '1', PREFIX + key, token);
  }

  async claim(key: string, holder: string, leaseMs: number): Promise<boolean> {
    const claim = claimOf(key);
    const ms = String(Math.ceil(leaseMs));
    if ((await this.#redis.run('SET', claim, holder, 'NX', 'PX', ms)) !== null) return true;
    return String(await this.#redis.run('GET', claim)) === holder;
  }

  async release(key: string, holder: string): Promise<void> {
    await this.#redis.run('EVAL', DELETE_CLAIM, '1', claimOf(key), holder);
  }
}

const claimOf = (key: string): string => `${PREFIX}${key}:holder`;
