import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node';
import { toCloudEvent } from '../../lib/events/to-cloud-event.js';
import type { EventTransport, StkEvent } from '../../lib/index.js';
import { TcpProxy } from '../processes/support/tcp-proxy.js';
import { CompiledBlocks } from '../support/compiled-blocks.js';
import { describeWith, locate } from '../support/services.js';
import { until } from '../support/until.js';
import { commitEvent } from '../unit/events/events-app.js';
import { startTransportApp } from './support/transport-app.js';

type TransportClass = new (connection: NatsConnection) => EventTransport;

const guide = new CompiledBlocks('docs/events.md');
const closers: (() => unknown)[] = [];

/** The transport that docs/events.md shows. */
async function aTransport(port: number): Promise<EventTransport> {
  const servers = `127.0.0.1:${String(port)}`;
  const connection = await connect({ servers, reconnectTimeWait: 50, maxReconnectAttempts: -1 });
  closers.push(() => connection.close());
  const { JetStreamEventTransport } = await guide.load<{ JetStreamEventTransport: TransportClass }>(
    'jetstream-event.transport',
  );
  return new JetStreamEventTransport(connection);
}

async function anApp(transport: EventTransport) {
  const app = await startTransportApp(transport);
  closers.push(() => app.module.close());
  return app;
}

describeWith('nats', 'events over NATS JetStream', () => {
  const stream = `mpesa-test-${String(process.pid)}-${String(Date.now())}`;
  const port = () => Number(new URL(locate('nats')).port);
  let manager: JetStreamManager;

  beforeEach(async () => {
    const connection = await connect({ servers: `127.0.0.1:${String(port())}` });
    closers.push(() => connection.close());
    manager = await jetstreamManager(connection);
    const minute = nanos(60_000);
    await manager.streams.add({ name: stream, subjects: ['stk.>'], duplicate_window: minute });
    closers.push(() => manager.streams.delete(stream));
  });

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  afterAll(() => guide.remove());

  const kept = async () => {
    const { state } = await manager.streams.info(stream);
    const messages = Array.from({ length: state.messages }, (_, i) =>
      manager.streams.getMessage(stream, { seq: state.first_seq + i }),
    );
    return (await Promise.all(messages)).map((message) => ({
      subject: message?.subject,
      id: message?.header.get('Nats-Msg-Id'),
      body: message?.json(),
    }));
  };

  const asKept = (event: StkEvent) => ({
    subject: event.type,
    id: event.id,
    body: toCloudEvent(event),
  });

  it('are kept by the stream, and once where they are given twice', async () => {
    const transport = await aTransport(port());
    const { store, dispatcher } = await anApp(transport);
    const event = await commitEvent(store);
    await dispatcher.drain();
    await transport.publish(event);
    expect(await kept()).toEqual([asKept(event)]);
  });

  it.each(['refuse', 'hang'] as const)(
    'are all kept when the server was away for a while (%s)',
    async (way) => {
      const proxy = new TcpProxy({ host: '127.0.0.1', port: port() });
      closers.push(() => proxy.close());
      const { store, dispatcher, isFailing } = await anApp(await aTransport(await proxy.listen()));
      const events = [await commitEvent(store)];
      await dispatcher.drain();
      proxy[way]();
      for (let i = 0; i < 10; i += 1) events.push(await commitEvent(store));
      await until(isFailing, 30_000);
      expect(await kept()).toHaveLength(1);

      proxy.restore();
      await until(async () => (await kept()).length === events.length, 60_000);
      await dispatcher.drain();
      expect(await kept()).toHaveLength(events.length);
      expect(await kept()).toEqual(expect.arrayContaining(events.map(asKept)));
    },
    120_000,
  );
});
