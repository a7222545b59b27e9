import { Queue } from 'bullmq';
import { toCloudEvent, type EventTransport } from '../../lib/index.js';
import { TcpProxy } from '../processes/support/tcp-proxy.js';
import { CompiledBlocks } from '../support/compiled-blocks.js';
import { PROMPTED as event } from '../support/prompted-event.js';
import { describeWith, locate } from '../support/services.js';
import { until } from '../support/until.js';

describeWith('redis', 'the transport for BullMQ of docs/events.md', () => {
  const guide = new CompiledBlocks('docs/events.md');
  let proxy: TcpProxy;
  let queue: Queue;
  let transport: EventTransport;

  beforeEach(async () => {
    const port = Number(new URL(locate('redis')).port || 6379);
    proxy = new TcpProxy({ host: '127.0.0.1', port });
    const connection = {
      port: await proxy.listen(),
      enableOfflineQueue: false,
      commandTimeout: 5_000,
    };
    queue = new Queue(`mpesa-test-${String(process.pid)}`, { connection });
    queue.on('error', () => undefined);
    await queue.waitUntilReady();
    const { BullMqEventTransport } = await guide.load<{
      BullMqEventTransport: new (queue: Queue) => EventTransport;
    }>('bullmq-event.transport');
    transport = new BullMqEventTransport(queue);
  });

  afterEach(async () => {
    await queue.obliterate();
    await queue.close();
    await proxy.close();
  });

  afterAll(() => guide.remove());

  it('adds a job, and no second one where the event is given twice', async () => {
    await transport.publish(event);
    await transport.publish(event);
    const jobs = await queue.getJobs();
    expect(jobs.map(({ name, data }) => ({ name, data: data as unknown }))).toEqual([
      { name: 'stk.prompted', data: toCloudEvent(event) },
    ]);
  });

  it('rejects while Redis is away, and no longer', async () => {
    proxy.hang();
    await expect(transport.publish(event)).rejects.toThrow();
    proxy.restore();
    const isTaken = () =>
      transport.publish(event).then(
        () => true,
        () => false,
      );
    await until(isTaken, 30_000);
  }, 60_000);
});
