import { Logger } from '@nestjs/common';
import {
  ClientMqtt,
  ClientNats,
  ClientRedis,
  ClientRMQ,
  ClientTCP,
  RmqRecordBuilder,
  type ClientProxy,
} from '@nestjs/microservices';
import { lastValueFrom, timeout } from 'rxjs';
import type { StkEvent } from '../attempts/events/stk-event.js';
import { EventTransport } from '../events/event-transport.js';
import { toCloudEvent } from '../events/to-cloud-event.js';
import { errorOf } from './error-of.js';

/** How long a broker may take to confirm, connecting included. Less than a shutdown waits. */
const PUBLISH_TIMEOUT_MS = 5_000;
/** They resolve once the message is written to a socket, or given to whoever listens just now. */
const WITHOUT_CONFIRMATION = [ClientTCP, ClientNats, ClientRedis, ClientMqtt];

/**
 * How a `ClientProxyEventTransport` hands events over; each has a default.
 * @publicApi
 */
export interface ClientProxyEventTransportOptions {
  /**
   * The transport's identity; needed where an application has two.
   * @default 'microservices'
   */
  id: string;
  /**
   * The `source` of its CloudEvents, a URI reference.
   * @default '/nestjs-mpesa/' and the name of the account
   */
  source: string;
}

/**
 * Emits each event to a Nest `ClientProxy`, the event's type as pattern and its CloudEvent as data:
 * `@EventPattern('stk.completed')` receives it. With `ClientRMQ` it counts as delivered once RabbitMQ has
 * confirmed it; messages are persistent and carry the event's id as `messageId`. What is not confirmed
 * within 5 s is emitted again.
 *
 * The proxies for TCP, NATS, Redis and MQTT confirm nothing: an event can be lost behind them, which the
 * log says at the start. `docs/events.md` has transports for NATS JetStream and BullMQ.
 *
 * ```ts
 * eventTransports: [new ClientProxyEventTransport(client)]
 * ```
 * @publicApi
 */
export class ClientProxyEventTransport extends EventTransport {
  readonly id: string;
  // Options of clients have passwords in them, and whoever logs the options logs this.
  readonly #client: Pick<ClientProxy, 'emit'>;
  readonly #source: string | undefined;

  constructor(
    client: Pick<ClientProxy, 'emit'>,
    options: Partial<ClientProxyEventTransportOptions> = {},
  ) {
    super();
    this.id = options.id ?? 'microservices';
    this.#client = client;
    this.#source = options.source;
    if (WITHOUT_CONFIRMATION.some((proxy) => client instanceof proxy)) {
      const { name } = client.constructor;
      new Logger(ClientProxyEventTransport.name).warn(
        `${name} confirms nothing: an event that is given to it can be lost.`,
      );
    }
  }

  async publish(event: StkEvent): Promise<void> {
    const emitted = this.#client.emit<unknown>(event.type, this.#message(event));
    const confirmed = emitted.pipe(timeout(PUBLISH_TIMEOUT_MS));
    try {
      await lastValueFrom(confirmed, { defaultValue: undefined });
    } catch (error) {
      throw errorOf(error);
    }
  }

  #message(event: StkEvent): unknown {
    const cloudEvent = toCloudEvent(event, this.#source);
    if (!(this.#client instanceof ClientRMQ)) return cloudEvent;
    const options = {
      messageId: event.id,
      persistent: true,
      contentType: 'application/json',
      // Of amqp-connection-manager: a message that waits for a connection is forgotten by then, else it
      // would be sent as well as the one that takes its place.
      timeout: PUBLISH_TIMEOUT_MS,
    };
    return new RmqRecordBuilder(cloudEvent).setOptions(options).build();
  }
}
