import { connect, type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { Controller } from '@nestjs/common';
import {
  ClientProxyFactory,
  EventPattern,
  Payload,
  Transport,
  type ClientProxy,
  type MicroserviceOptions,
  type RmqOptions,
} from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { InMemoryAttemptStore } from '../../lib/attempts/in-memory-attempt.store.js';
import { toCloudEvent, type StkCloudEvent } from '../../lib/events/to-cloud-event.js';
import { StkCompleted, StkPrompted } from '../../lib/index.js';
import { ClientProxyEventTransport } from '../../lib/microservices.js';
import { TcpProxy } from '../processes/support/tcp-proxy.js';
import { describeWith, locate } from '../support/services.js';
import { until } from '../support/until.js';
import { commitEvent } from '../unit/events/events-app.js';
import { startTransportApp } from './support/transport-app.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

let names = 0;
const aName = () =>
  `mpesa-test-${String(process.pid)}-${String(Date.now())}-${String((names += 1))}`;

/** A topic exchange, a queue behind it, and what arrives there. */
async function aQueue() {
  const connection: ChannelModel = await connect(locate('rabbitmq'));
  closers.push(() => connection.close());
  const channel: Channel = await connection.createChannel();
  const exchange = aName();
  await channel.assertExchange(exchange, 'topic', { durable: true });
  const { queue } = await channel.assertQueue(aName(), { durable: true });
  await channel.bindQueue(queue, exchange, 'stk.*');
  closers.push(async () => {
    await channel.deleteQueue(queue);
    await channel.deleteExchange(exchange);
  });
  const messages: ConsumeMessage[] = [];
  const consume = () =>
    channel.consume(queue, (message) => message && messages.push(message), { noAck: true });
  const ids = () => messages.map(({ properties }) => properties.messageId as string);
  return { exchange, queue, messages, ids, consume };
}

/** A way to the broker that can be cut. */
async function aProxy() {
  const { port } = new URL(locate('rabbitmq'));
  const proxy = new TcpProxy({ host: '127.0.0.1', port: Number(port) });
  closers.push(() => proxy.close());
  return { proxy, port: await proxy.listen() };
}

function aClient(exchange: string, port?: number): ClientProxy {
  const url = new URL(locate('rabbitmq'));
  if (port !== undefined) url.port = String(port);
  const client = ClientProxyFactory.create({
    transport: Transport.RMQ,
    options: {
      urls: [url.href],
      exchange,
      wildcards: true,
      socketOptions: { heartbeatIntervalInSeconds: 1, reconnectTimeInSeconds: 1 },
    },
  });
  closers.push(() => client.close());
  return client;
}

async function anApp(client: ClientProxy, store?: InMemoryAttemptStore) {
  const app = await startTransportApp(new ClientProxyEventTransport(client), store);
  closers.push(() => app.module.close());
  return app;
}

const eventsOfOrders = (store: InMemoryAttemptStore, count: number) =>
  Promise.all(Array.from({ length: count }, () => commitEvent(store)));

describeWith('rabbitmq', 'events over RabbitMQ', () => {
  it('arrive as persistent messages with the id, the type and the CloudEvent of the event', async () => {
    const { exchange, messages, consume } = await aQueue();
    await consume();
    const { store, dispatcher } = await anApp(aClient(exchange));
    const event = await commitEvent(store, StkCompleted);
    await dispatcher.drain();
    await until(() => messages.length === 1);
    const [{ fields, properties, content }] = messages as [ConsumeMessage];
    expect(fields.routingKey).toBe('stk.completed');
    expect(properties).toMatchObject({
      messageId: event.id,
      deliveryMode: 2,
      contentType: 'application/json',
    });
    expect(JSON.parse(content.toString())).toEqual({
      pattern: 'stk.completed',
      data: toCloudEvent(event),
    });
  });

  it('are received by a Nest microservice', async () => {
    const seen: StkCloudEvent[] = [];
    @Controller()
    class Receiver {
      @EventPattern('stk.completed')
      paid(@Payload() event: StkCloudEvent): void {
        seen.push(event);
      }
    }
    const { exchange } = await aQueue();
    const receiving = await Test.createTestingModule({ controllers: [Receiver] }).compile();
    const options: RmqOptions['options'] = {
      urls: [locate('rabbitmq')],
      queue: aName(),
      queueOptions: { autoDelete: true },
      exchange,
      wildcards: true,
    };
    const service = receiving.createNestMicroservice<MicroserviceOptions>({
      transport: Transport.RMQ,
      options,
    });
    service.useLogger(false);
    await service.listen();
    closers.push(() => service.close());
    const { store } = await anApp(aClient(exchange));
    const event = await commitEvent(store, StkCompleted);
    await until(() => seen.length > 0);
    expect(seen).toEqual([toCloudEvent(event)]);
  });

  it.each(['refuse', 'hang'] as const)(
    'all arrive, in order for one order, when the broker was away for a while (%s)',
    async (way) => {
      const { exchange, ids, consume } = await aQueue();
      await consume();
      const { proxy, port } = await aProxy();
      const { store, dispatcher, isFailing } = await anApp(aClient(exchange, port));
      const events = await eventsOfOrders(store, 20);
      await until(() => ids().length > 0);
      proxy[way]();
      events.push(...(await eventsOfOrders(store, 20)));
      const prompted = await commitEvent(store, StkPrompted, 'one order');
      const completed = await commitEvent(store, StkCompleted, 'one order');
      events.push(prompted, completed);
      await until(isFailing, 30_000);
      expect(ids()).not.toContain(completed.id);

      proxy.restore();
      await until(() => new Set(ids()).size === events.length, 60_000);
      await dispatcher.drain();
      expect(new Set(ids())).toEqual(new Set(events.map(({ id }) => id)));
      expect(ids().indexOf(prompted.id)).toBeLessThan(ids().indexOf(completed.id));
      expect(await store.countDeadEvents()).toBe(0);
    },
    120_000,
  );

  it('arrive from a process that began while the broker was away', async () => {
    const { exchange, ids, consume } = await aQueue();
    await consume();
    const { proxy, port } = await aProxy();
    proxy.refuse();
    const { store, isFailing } = await anApp(aClient(exchange, port));
    const event = await commitEvent(store);
    await until(isFailing, 30_000);
    proxy.restore();
    await until(() => ids().includes(event.id), 30_000);
  }, 60_000);

  it('are taken over from a process that ended while the broker was away', async () => {
    const { exchange, ids, consume } = await aQueue();
    await consume();
    const { proxy, port } = await aProxy();
    proxy.refuse();
    const { store, module, isFailing } = await anApp(aClient(exchange, port));
    const events = await eventsOfOrders(store, 20);
    await until(isFailing, 30_000);
    await module.close();
    expect(ids()).toEqual([]);

    await anApp(aClient(exchange), store);
    await until(() => ids().length === events.length, 30_000);
    expect(new Set(ids())).toEqual(new Set(events.map(({ id }) => id)));
  }, 60_000);
});
