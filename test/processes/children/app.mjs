// One instance of an application, in a process of its own. Its parent tells it what to do.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { arm, reached } from './failpoints.mjs';
import { handlersOf } from './handlers.mjs';

const settings = JSON.parse(process.env.INSTANCE);
const load = (file) => import(new URL(file, settings.library));
const [core, typeorm, { STK_EVENTS }, { installFailpoints }] = await Promise.all([
  load('index.js'),
  load('typeorm.js'),
  load('attempts/events/stk-events.js'),
  load('attempts/failpoint.js'),
]);
installFailpoints(reached);

class App {}
Module({
  imports: [
    TypeOrmModule.forRoot({
      ...settings.database,
      entities: typeorm.mpesaEntities(settings.database),
      retryAttempts: 0,
    }),
    core.MpesaModule.forRoot({
      environment: 'sandbox',
      ...settings.mpesa,
      ...(await sharedOverRedis(settings.redis)),
      persistence: typeorm.typeOrmPersistence(),
    }),
  ],
  providers: settings.handlers ? handlersOf({ core, typeorm, events: STK_EVENTS }) : [],
})(App);

/** The ports over Redis, where the instances share them there. */
async function sharedOverRedis(port) {
  if (port === null) return {};
  const [{ Redis }, ports] = await Promise.all([import('ioredis'), load('redis.js')]);
  const client = () =>
    new Redis(port, '127.0.0.1', { enableOfflineQueue: false, lazyConnect: true });
  const [tokens, permits] = [client(), client()];
  for (const each of [tokens, permits]) {
    each.on('error', () => undefined);
    await each.connect();
  }
  return {
    accessTokenStore: new ports.RedisAccessTokenStore(tokens),
    rateLimiter: new ports.RedisRateLimiter(permits),
  };
}

const app = await NestFactory.create(App, { logger: ['log', 'warn', 'error', 'fatal'] });
// Ends with 0 where everything was put away, and with 1 where that failed.
app.enableShutdownHooks([], { useProcessExit: true });
await app.listen(0, '127.0.0.1');
const stk = app.get(core.StkService, { strict: false });

const commands = {
  arm: (trap) => {
    arm(trap);
  },
  push: (input) => stk.push(input),
  reconcile: (id) => stk.reconcile(id),
  waitFor: (id) => stk.waitFor(id, { timeoutMs: 20_000 }),
};

process.on('message', ({ id, command, argument }) => {
  const answer = (message) => process.connected && process.send({ id, ...message });
  Promise.resolve(argument)
    .then(commands[command])
    .then(
      (value) => answer({ value: value ?? null }),
      ({ name, code, message }) => answer({ error: { name, code, message } }),
    );
});
process.on('disconnect', () => process.exit(1));
process.send({ ready: app.getHttpServer().address().port });
