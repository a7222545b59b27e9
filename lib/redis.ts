export type { RedisClient } from './redis/redis-client.js';
export { RedisAccessTokenStore } from './redis/redis-access-token.store.js';
export { RedisRateLimiter } from './redis/redis-rate-limiter.js';
