import { jest } from '@jest/globals';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { trace, type Span } from '@opentelemetry/api';
import { connect } from 'amqplib';
import type { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { StkEventSettings } from '../../lib/events/stk-event-settings.js';
import { StkOrderBusyError, StkService, type StkAttempt } from '../../lib/index.js';
import { DarajaEmulator } from '../../lib/testing.js';
import { MPESA_ENTITIES, MPESA_MIGRATIONS } from '../../lib/typeorm.js';
import { CompiledBlocks } from '../support/compiled-blocks.js';
import { emulatedApplication } from '../support/emulated-application.js';
import { emulatedEnvironment } from '../support/emulated-environment.js';
import { freePort } from '../support/free-port.js';
import { moduleOf } from '../support/module-of.js';
import { Observed } from '../support/observed.js';
import { describeWith, locate } from '../support/services.js';
import { aPush } from '../support/testing-app.js';
import { until } from '../support/until.js';
import { postgres } from './support/test-databases.js';

// Processes and applications are started: a busy machine takes its time.
jest.setTimeout(30_000);

const README = new CompiledBlocks('README.md');
const OBSERVABILITY = new CompiledBlocks('docs/observability.md');
const PERSISTENCE = new CompiledBlocks('docs/persistence.md');
const SCALING = new CompiledBlocks('docs/scaling.md');
const ALL = [README, OBSERVABILITY, PERSISTENCE, SCALING];

postgres.describe('the documents, over PostgreSQL', () => {
  const stage = emulatedApplication();
  let database: Awaited<ReturnType<typeof postgres.create>>;
  let url: string;
  let port: number;
  let seed = 1;

  // A block reads DATABASE_URL when it is loaded, which happens once: one database for all.
  beforeAll(async () => {
    database = await postgres.create();
    url = (database.options as { url: string }).url;
  });

  beforeEach(async () => {
    // Of one database the CheckoutRequestIDs must differ.
    stage.daraja = new DarajaEmulator({ seed: (seed += 1) });
    port = await freePort();
    Object.assign(process.env, await emulatedEnvironment(stage.daraja, port), {
      DATABASE_URL: url,
    });
  });

  afterAll(async () => {
    await database.drop();
    for (const blocks of ALL) await blocks.remove();
  });

  async function start(module: Type) {
    const app = await NestFactory.create(module, { logger: false, abortOnError: false });
    stage.app = app;
    await app.listen(port, '127.0.0.1');
    return app;
  }

  /** Beside what the block has: the connection, with the tables. */
  const overDatabase = (block: Type): Type => {
    const connection = TypeOrmModule.forRoot({
      type: 'postgres',
      url,
      entities: [...MPESA_ENTITIES],
      migrations: [...MPESA_MIGRATIONS],
      migrationsRun: true,
    });
    return moduleOf([connection, block]);
  };

  const load = async (blocks: CompiledBlocks, block: string, name: string) =>
    (await blocks.load<Record<string, Type>>(block))[name]!;

  const stkOf = (app: INestApplicationContext) => app.get(StkService, { strict: false });

  /** A payment from the push to its end. */
  async function pay(app: INestApplicationContext): Promise<StkAttempt> {
    const { id, checkoutRequestId } = await stkOf(app).push(aPush());
    stage.daraja.approve(checkoutRequestId!);
    return stkOf(app).waitFor(id, { timeoutMs: 10_000 });
  }

  const rows = (app: INestApplicationContext, table: string): Promise<Record<string, unknown>[]> =>
    app.get(DataSource).query(`SELECT * FROM ${table}`);

  it('make the tables by the data source of the guide, and use them by its module', async () => {
    const { default: source } = await PERSISTENCE.load<{ default: DataSource }>('data-source');
    await source.initialize();
    expect((await source.runMigrations()).length).toBeGreaterThan(0);
    await source.destroy();
    const app = await start(await load(PERSISTENCE, 'database.module', 'DatabaseModule'));
    expect(await pay(app)).toMatchObject({ status: 'completed' });
    expect(await rows(app, 'mpesa_attempt')).toHaveLength(1);
  });

  it('keep attempts with the block of the README', async () => {
    const app = await start(await load(README, 'database.module', 'DatabaseModule'));
    expect(await pay(app)).toMatchObject({ status: 'completed' });
  });

  it('leave the background to others (scaling)', async () => {
    const app = await start(overDatabase(await load(SCALING, 'web.module', 'WebModule')));
    expect(await pay(app)).toMatchObject({ status: 'completed' });
    const settings = app.get(StkEventSettings, { strict: false });
    expect(settings.background).toBe(false);
  });

  it('trace a payment (observability)', async () => {
    const observed = new Observed();
    const module = await load(OBSERVABILITY, 'payments.module', 'PaymentsModule');
    const app = await start(overDatabase(module));
    await pay(app);
    expect(observed.spans.map(({ name }) => name)).toContain('stk.push');
    await observed.end();
  });

  it('keep tokens out of the spans of HTTP (observability)', async () => {
    const observed = new Observed();
    const { withoutCallbackTokens } = await OBSERVABILITY.load<{
      withoutCallbackTokens: {
        applyCustomAttributesOnSpan: (span: Span, request: object) => void;
      };
    }>('http-instrumentation');
    const token = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ';
    const span = trace.getTracer('http').startSpan('POST');
    withoutCallbackTokens.applyCustomAttributesOnSpan(span, { url: `/stk/callback/${token}` });
    span.end();
    const { attributes } = observed.span('POST');
    expect(Object.keys(attributes).sort()).toEqual(['http.target', 'http.url', 'url.path']);
    expect(JSON.stringify(attributes)).not.toContain(token);
    await observed.end();
  });

  it('make order and attempt together, and mark it paid once (README)', async () => {
    const { OrderPayments } = await README.load<{ OrderPayments: Type<OrderPayments> }>(
      'order-payments',
    );
    const databaseModule = await load(README, 'database.module', 'DatabaseModule');
    const app = await start(moduleOf([databaseModule], [OrderPayments]));
    await app
      .get(DataSource)
      .query('CREATE TABLE shop_order (id text, amount int, paid boolean DEFAULT false)');
    const payments = app.get(OrderPayments);

    const { id, checkoutRequestId } = await payments.order('A-100', '0712345678', 40);
    await expect(payments.order('A-100', '0712345679', 40)).rejects.toThrow(StkOrderBusyError);
    expect(await rows(app, 'shop_order')).toEqual([{ id: 'A-100', amount: 40, paid: false }]);

    stage.daraja.approve(checkoutRequestId!);
    await stkOf(app).waitFor(id, { timeoutMs: 10_000 });
    await until(async () => (await rows(app, 'shop_order'))[0]!.paid === true);
  });

  describeWith('rabbitmq', 'and RabbitMQ', () => {
    it('tell the broker (README)', async () => {
      process.env.BROKER_URL = locate('rabbitmq');
      const connection = await connect(process.env.BROKER_URL);
      const channel = await connection.createChannel();
      await channel.assertExchange('payments', 'topic');
      const { queue } = await channel.assertQueue('', { exclusive: true });
      await channel.bindQueue(queue, 'payments', 'stk.completed');
      const app = await start(overDatabase(await load(README, 'broker.module', 'BrokerModule')));
      const { id } = await pay(app);
      let told: string | undefined;
      await until(async () => {
        const message = await channel.get(queue, { noAck: true });
        if (message) told = message.content.toString();
        return told !== undefined;
      });
      expect(told).toContain(id);
      await app.close();
      await channel.deleteExchange('payments');
      await connection.close();
    });
  });

  describeWith('redis', 'and Redis', () => {
    it('share token and budget (README)', async () => {
      process.env.REDIS_URL = locate('redis');
      const { SharedOverRedisModule, SharedRedis } = await README.load<{
        SharedOverRedisModule: Type;
        SharedRedis: Type<Redis>;
      }>('shared-over-redis.module');
      const app = await start(overDatabase(SharedOverRedisModule));
      const redis = app.get(SharedRedis, { strict: false });
      await until(() => redis.status === 'ready');
      const call = jest.spyOn(redis, 'call');
      expect(await pay(app)).toMatchObject({ status: 'completed' });
      await Promise.all(call.mock.results.map(({ value }) => value as Promise<unknown>));
      expect(call.mock.calls.length).toBeGreaterThan(0);
    });
  });
});

interface OrderPayments {
  order(orderId: string, phone: string, amount: number): Promise<StkAttempt>;
}
