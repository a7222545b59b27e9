import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { connect } from 'amqplib';
import type { ConsumeMessage } from 'amqplib';
import { ClientProxyEventTransport } from 'nestjs-mpesa/microservices';
import { Shop } from './shop.js';

/** Takes a payment, and prints what arrived at the RabbitMQ of this URL meanwhile. */
async function main(url: string): Promise<void> {
  const queue = `mpesa-test-${process.pid}-${Date.now()}`;
  const connection = await connect(url);
  const channel = await connection.createChannel();
  await channel.assertQueue(queue);
  const messages: ConsumeMessage[] = [];
  const arrived = new Promise<void>((resolve) => {
    void channel.consume(queue, (message) => {
      if (message) messages.push(message);
      if (messages.length === 2) resolve();
    });
  });

  const client = ClientProxyFactory.create({
    transport: Transport.RMQ,
    options: { urls: [url], queue },
  });
  const eventTransports = [new ClientProxyEventTransport(client)];
  const shop = await Shop.open('express', { eventTransports });
  const attempt = await shop.checkout.pay('order');
  shop.daraja.approve(attempt.checkoutRequestId ?? '');
  await arrived;
  await shop.close();
  await client.close();

  const types = messages.map(({ content }) => {
    const { data } = JSON.parse(content.toString()) as { data: { type: string } };
    return data.type;
  });
  const messageIds = messages.map(({ properties }) => properties.messageId as string);
  process.stdout.write(JSON.stringify({ attempt: attempt.id, types, messageIds }));
  await channel.deleteQueue(queue);
  await connection.close();
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
