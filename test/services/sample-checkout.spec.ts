import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { DarajaEmulator } from '../../lib/testing.js';
import { buildDemo } from '../browser/build-demo.js';
import { until } from '../support/until.js';
import { CheckoutShop } from './support/checkout-shop.js';
import { SERVERS } from './support/test-databases.js';

jest.setTimeout(120_000);

for (const server of SERVERS) {
  server.describe(`the checkout sample on ${server.name}`, () => {
    let daraja: DarajaEmulator;
    let shop: CheckoutShop;
    let dropDatabase: () => Promise<void>;

    beforeAll(async () => {
      await buildDemo();
      const { options, drop } = await server.create();
      dropDatabase = drop;
      daraja = new DarajaEmulator();
      shop = await CheckoutShop.of((options as { url: string }).url, await daraja.listen());
    }, 300_000);

    afterAll(async () => {
      await shop.kill();
      await daraja.close();
      await dropDatabase();
    });

    const promptOf = (phoneNumber: string) =>
      [...daraja.prompts.values()].filter((prompt) => prompt.phoneNumber === phoneNumber);

    const orderOf = async (reference: string) => {
      const { orders } = await shop.staffView();
      return orders.find((order) => order.reference === reference);
    };

    it('does not start without its tables, and says what is missing', async () => {
      expect(await shop.start()).toContain('run the migrations');
    });

    it('has its tables made by one command, which does nothing the second time', async () => {
      await shop.migrate();
      await shop.migrate();
      expect(await shop.start()).toBeNull();
    });

    it('is paid, though it is killed while the phone rings', async () => {
      const { status, body } = await shop.pay(randomUUID(), 1500, '0712 000 001');
      expect({ status, title: body.title }).toEqual({ status: 201, title: 'Check your phone' });
      const [prompt] = promptOf('254712000001');
      expect(prompt).toMatchObject({ amount: 1500, accountReference: body.reference });

      await shop.kill();
      await shop.start();
      daraja.approve(prompt!.id);
      await until(async () => (await orderOf(body.reference))?.status === 'paid');

      const { receipt } = daraja.prompts.get(prompt!.id)!;
      await shop.kill();
      await shop.start();
      expect(await orderOf(body.reference)).toMatchObject({
        amount: 1500,
        status: 'paid',
        receipt,
        payments: [
          {
            phoneNumber: '07•• ••• 001',
            history: [
              { text: 'The phone is asked.' },
              { text: `Paid, receipt ${receipt}, told by the callback.` },
            ],
          },
        ],
      });
    });

    it('makes one order and one prompt of a press that comes ten times at once', async () => {
      const key = randomUUID();
      const before = (await shop.staffView()).orders.length;
      const presses = Array.from({ length: 10 }, () => shop.pay(key, 700, '0712 000 002'));
      const answers = await Promise.all(presses);
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      expect(promptOf('254712000002')).toHaveLength(1);
      expect((await shop.staffView()).orders).toHaveLength(before + 1);
    });

    it('keeps no order whose attempt is refused', async () => {
      const [key, keyOfRetry] = [randomUUID(), randomUUID()];
      const { body } = await shop.pay(key, 800, '0712 000 003');
      daraja.cancel(promptOf('254712000003')[0]!.id);
      const retry = () => shop.payAgain(body.id, keyOfRetry, '0712 000 003');
      await until(async () => (await retry()).status === 201);
      const before = (await shop.staffView()).orders.map(({ reference }) => reference);

      expect((await shop.pay(key, 801, '0712 000 003')).status).toBe(409);
      // No order has this key, so one is written; an attempt has it: both are rolled back.
      expect((await shop.pay(keyOfRetry, 800, '0712 000 004')).status).toBe(422);
      expect((await shop.staffView()).orders.map(({ reference }) => reference)).toEqual(before);
      expect(promptOf('254712000004')).toEqual([]);
    });
  });
}
