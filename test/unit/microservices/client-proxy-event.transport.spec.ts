import { inspect } from 'node:util';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  ClientNats,
  ClientProxy,
  ClientRMQ,
  ClientTCP,
  type ReadPacket,
} from '@nestjs/microservices';
import { toCloudEvent } from '../../../lib/events/to-cloud-event.js';
import { ClientProxyEventTransport } from '../../../lib/microservices.js';
import { PROMPTED as event } from '../../support/prompted-event.js';

/** A proxy for a broker of the test's own. */
class OwnClient extends ClientProxy {
  readonly packets: ReadPacket[] = [];

  constructor(private readonly answer: () => unknown = () => undefined) {
    super();
  }

  override connect = () => Promise.resolve();
  override close = () => undefined;
  override unwrap = () => undefined as never;
  protected override publish = () => () => undefined;

  protected override async dispatchEvent<T>(packet: ReadPacket): Promise<T> {
    this.packets.push(packet);
    return (await this.answer()) as T;
  }
}

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('ClientProxyEventTransport', () => {
  it('emits the CloudEvent under the type of the event, and asks for nothing else', async () => {
    const client = new OwnClient();
    await new ClientProxyEventTransport(client).publish(event);
    expect(client.packets).toEqual([{ pattern: 'stk.prompted', data: toCloudEvent(event) }]);
  });

  it('has an identity and a source of its own, where they are given', async () => {
    const client = new OwnClient();
    const options = { id: 'accounting', source: 'https://shop.example.com/' };
    const transport = new ClientProxyEventTransport(client, options);
    await transport.publish(event);
    expect(transport.id).toBe('accounting');
    expect(new ClientProxyEventTransport(client).id).toBe('microservices');
    expect(client.packets[0]?.data).toMatchObject({ source: 'https://shop.example.com/' });
  });

  it('resolves when the client has confirmed, and not before', async () => {
    let confirm!: () => void;
    const confirmed = new Promise<void>((resolve) => (confirm = resolve));
    const client = new OwnClient(() => confirmed);
    let resolved = false;
    const published = new ClientProxyEventTransport(client).publish(event).then(() => {
      resolved = true;
    });
    for (let turn = 0; turn < 5; turn += 1) await new Promise((done) => setImmediate(done));
    expect([client.packets.length, resolved]).toEqual([1, false]);
    confirm();
    await published;
  });

  it('waits 5 s for it', async () => {
    jest.useFakeTimers();
    const client = new OwnClient(() => new Promise(() => undefined));
    const published = new ClientProxyEventTransport(client).publish(event);
    let ended = false;
    const outcome = expect(published.finally(() => (ended = true))).rejects.toThrow(/timeout/i);
    await jest.advanceTimersByTimeAsync(4_999);
    expect(ended).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    await outcome;
  });

  it.each([
    ['an error', new Error('nack'), 'nack'],
    ['text', 'Connection lost', 'Connection lost'],
    ['an error beside an address', { err: new Error('refused'), url: 'amqp://u:pw@h' }, 'refused'],
    ['anything else', { url: 'amqp://u:pw@h' }, 'The client of the broker gave no reason'],
    ['nothing', undefined, 'The client of the broker gave no reason'],
  ])('rejects with an error where the client does with %s', async (_, reason, message) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as Nest's clients do
    const client = new OwnClient(() => Promise.reject(reason));
    const transport = new ClientProxyEventTransport(client);
    await expect(transport.publish(event)).rejects.toThrow(new Error(message));
  });

  it('warns of proxies that confirm nothing, and of no others', () => {
    const warned = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    new ClientProxyEventTransport(new OwnClient());
    new ClientProxyEventTransport(new ClientRMQ({}));
    expect(warned).not.toHaveBeenCalled();
    new ClientProxyEventTransport(new ClientTCP({}));
    new ClientProxyEventTransport(new ClientNats({}));
    expect(warned.mock.calls.map(([line]) => line as unknown)).toEqual([
      'ClientTCP confirms nothing: an event that is given to it can be lost.',
      'ClientNats confirms nothing: an event that is given to it can be lost.',
    ]);
  });

  it('shows nobody the address of the broker', () => {
    const client = new ClientRMQ({ urls: ['amqp://user:hunter2@127.0.0.1'] });
    const transport = new ClientProxyEventTransport(client);
    const shown = inspect(transport, { depth: 10, showHidden: true }) + JSON.stringify(transport);
    expect(shown).not.toContain('hunter2');
  });
});
