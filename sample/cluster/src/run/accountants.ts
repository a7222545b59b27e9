import amqp from 'amqplib';
import { EVENTS_QUEUE, SERVICES } from '../services.js';

/** Reads the events from the broker, as another department's service would. */
export class Accountants {
  /** Attempts that were told to have been paid; a message that comes twice counts once. */
  readonly paid = new Set<string>();
  messages = 0;
  private connection: amqp.ChannelModel | undefined;

  async listen(): Promise<void> {
    this.connection = await amqp.connect(SERVICES.rabbitmq);
    const channel = await this.connection.createChannel();
    await channel.assertQueue(EVENTS_QUEUE, { durable: true });
    await channel.purgeQueue(EVENTS_QUEUE);
    await channel.consume(EVENTS_QUEUE, (message) => {
      if (!message) return;
      this.messages += 1;
      const { data } = JSON.parse(message.content.toString()) as { data: CloudEvent };
      if (data.type.startsWith('stk.completed')) this.paid.add(data.subject);
      channel.ack(message);
    });
  }

  async close(): Promise<void> {
    await this.connection?.close();
  }
}

/** As much of one as is read here. */
interface CloudEvent {
  type: string;
  subject: string;
}
