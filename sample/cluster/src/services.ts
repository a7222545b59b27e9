/** Where the services are: their usual ports on this machine, unless the environment says otherwise. */
export const SERVICES = {
  database: process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/mpesa_cluster',
  redis: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379',
  rabbitmq: process.env.RABBITMQ_URL ?? 'amqp://guest:guest@127.0.0.1:5672',
};

/** Where the accountants of all tenants read what was paid. */
export const EVENTS_QUEUE = 'mpesa_cluster.events';
