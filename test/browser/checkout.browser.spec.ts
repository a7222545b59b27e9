import { jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { describeWith } from '../support/services.js';
import { buildDemo } from './build-demo.js';
import {
  type Customer,
  enterPin,
  openCustomer,
  order,
  picture,
  promptsOn,
  reads,
  sidewaysScroll,
} from './customer.js';
import { type DemoProcess, startDemo } from './demo-process.js';
import { openBrowser } from './open-browser.js';

const PHONE_WIDTH = { width: 360, height: 740 };

jest.setTimeout(90_000);

describeWith('chromium', 'the demo in a browser', () => {
  let browser: Browser;
  let demo: DemoProcess;
  let customer: Customer;

  beforeAll(async () => {
    await buildDemo();
    browser = await openBrowser();
  }, 300_000);

  afterAll(async () => {
    await browser.close();
  });

  describe('with a phone that rings for a minute', () => {
    beforeAll(async () => {
      demo = await startDemo();
    });

    afterAll(async () => {
      await demo.stop();
    });

    beforeEach(async () => {
      customer = await openCustomer(browser, demo);
    });

    afterEach(async () => {
      await customer.close();
    });

    it('pays', async () => {
      const { shop, phone, prompt, problems } = customer;
      await phone.getByText('Nothing to pay yet').waitFor();
      await shop.getByLabel('M-PESA phone number').fill('0712 345 678');
      await picture(shop, 'shop');
      await order(customer, '0712 345 678');

      await prompt.waitFor();
      expect(await prompt.locator('#prompt-text').textContent()).toBe(
        'Do you want to pay KES 1,500 to Demo Shop, account INV-001?',
      );
      await reads(customer, 'Check your phone');
      await picture(phone, 'phone-prompt');
      await picture(phone, 'phone-dark', 'dark');
      await enterPin(customer, '1234');

      await reads(customer, 'Paid, thank you');
      const receipt = await shop.locator('#receipt').textContent();
      expect(receipt).toMatch(/^[A-Z0-9]{10}$/);
      await phone
        .getByRole('listitem')
        .filter({ hasText: `Receipt ${receipt}.` })
        .waitFor();
      expect(await prompt.isVisible()).toBe(false);
      await picture(shop, 'shop-paid');
      await picture(phone, 'phone-receipt');
      expect(problems).toEqual([]);
    });

    it('pays by keyboard alone', async () => {
      const { shop, phone, problems } = customer;
      const amount = shop.getByLabel('Or another amount, in KES');
      const number = shop.getByLabel('M-PESA phone number');
      const hasFocus = 'document.activeElement?.id';
      const visited: unknown[] = [];
      while ((await shop.evaluate(hasFocus)) !== 'amount' && visited.length < 20) {
        await shop.keyboard.press('Tab');
        visited.push(await shop.evaluate(hasFocus));
      }
      await shop.keyboard.type('250');
      await shop.keyboard.press('Tab');
      await shop.keyboard.type('+254 110 345 678');
      expect(await amount.inputValue()).toBe('250');
      expect(await number.inputValue()).toBe('+254 110 345 678');
      await shop.keyboard.press('Enter');

      await customer.prompt.waitFor();
      expect(await phone.evaluate(hasFocus)).toBe('pin');
      await phone.keyboard.type('12x34');
      await phone.keyboard.press('Enter');
      await reads(customer, 'Paid, thank you');
      expect(await shop.evaluate(hasFocus)).toBe('status-title');
      expect(problems).toEqual([]);
    });

    it('offers another try after a wrong PIN, for the same order', async () => {
      const { shop, prompt, phone, problems } = customer;
      await order(customer, '0722 000 111');
      await enterPin(customer, '9999');
      await reads(customer, 'That was not the right PIN');
      await phone.getByRole('listitem').filter({ hasText: 'Demo Shop: wrong PIN' }).waitFor();
      expect(await shop.locator('#status-sw').textContent()).not.toBe('');
      const reference = await shop.locator('#reference').textContent();

      await shop.getByRole('button', { name: 'Try again' }).click();
      await prompt.waitFor();
      await enterPin(customer, '1234');
      await reads(customer, 'Paid, thank you');
      expect(await shop.locator('#reference').textContent()).toBe(reference);
      expect(problems).toEqual([]);
    });

    it('is told that the customer cancelled', async () => {
      const { shop, prompt, problems } = customer;
      await order(customer, '0722 000 222');
      await prompt.getByRole('button', { name: 'Cancel' }).click();
      await reads(customer, 'You cancelled the payment');
      await shop.getByRole('button', { name: 'Start a new order' }).click();
      expect(await shop.getByLabel('M-PESA phone number').isVisible()).toBe(true);
      expect(problems).toEqual([]);
    });

    it('lists the orders with all that became of them, as it happens', async () => {
      const { list, problems } = customer;
      await order(customer, '0722 000 333', '777');
      const entry = list.getByRole('listitem').filter({ hasText: 'KES 777' });
      await entry.getByText('The phone is asked.').waitFor();
      await enterPin(customer, '1234');
      await entry.getByText('paid', { exact: true }).waitFor();
      await entry.getByText(/^Paid, receipt [A-Z0-9]{10}, told by the callback\.$/).waitFor();
      await entry.getByText('07•• ••• 333').waitFor();
      expect(await list.content()).not.toContain('722000333');
      await picture(list, 'orders');
      expect(problems).toEqual([]);
    });

    it('loses nothing when the shop is killed while the phone rings', async () => {
      const { shop, list, prompt, problems } = customer;
      await order(customer, '0722 000 777', '1234');
      await prompt.waitFor();
      await reads(customer, 'Check your phone');
      const entry = list.getByRole('listitem').filter({ hasText: 'KES 1,234' });
      await entry.getByText('The phone is asked.').waitFor();

      await demo.killShop();
      await list.getByText('The shop does not answer.').waitFor({ state: 'hidden' });
      await enterPin(customer, '1234');

      await reads(customer, 'Paid, thank you');
      await entry.getByText('paid', { exact: true }).waitFor();
      await entry.getByText('The phone is asked.').waitFor();
      const receipt = await shop.locator('#receipt').textContent();
      await entry.getByText(`Paid, receipt ${receipt}, told by the callback.`).waitFor();
      // The browser tells of the connections that were lost.
      expect(problems.filter((problem) => !problem.includes('net::ERR_'))).toEqual([]);
    });

    it('has a tab for each phone that was asked', async () => {
      const { phone, shop, prompt } = customer;
      await order(customer, '0722 000 444');
      await prompt.waitFor();
      await shop.reload();
      await order(customer, '0722 000 555');
      const second = phone.getByRole('tab', { name: '0722 000 555' });
      await second.click();
      expect(await phone.locator('#number').textContent()).toBe('0722 000 555');
      await phone.keyboard.press('ArrowLeft');
      expect(await phone.locator('#number').textContent()).toBe('0722 000 444');
      await prompt.getByRole('button', { name: 'Cancel' }).click();
      // The other one is still ringing, so the hand goes to it.
      await phone.locator('#number', { hasText: '0722 000 555' }).waitFor();
      await prompt.getByRole('button', { name: 'Cancel' }).click();
    });

    it('says what is wrong with the input, and asks no phone', async () => {
      const { shop } = customer;
      const before = await promptsOn(demo);
      await shop.getByLabel('Or another amount, in KES').fill('10.5');
      await shop.getByLabel('M-PESA phone number').fill('+1 202 555 0100');
      await shop.getByRole('button', { name: 'Pay with M-PESA' }).click();
      await shop.getByText('Whole shillings, from 1 to 250,000.').waitFor();
      await shop.getByText('Enter a Kenyan mobile number').waitFor();
      expect(await shop.evaluate('document.activeElement?.id')).toBe('amount');
      expect(await promptsOn(demo)).toBe(before);
    });

    it('fits the width of a phone', async () => {
      await customer.close();
      customer = await openCustomer(browser, demo, PHONE_WIDTH);
      const { shop, phone, list, prompt, problems } = customer;
      const scroll = () => Promise.all([shop, phone, list].map(sidewaysScroll));
      expect(await scroll()).toEqual([0, 0, 0]);
      await picture(shop, 'shop-narrow');
      await order(customer, '0722 000 666', '250000');
      await prompt.waitFor();
      expect(await scroll()).toEqual([0, 0, 0]);
      await picture(phone, 'phone-narrow');
      await enterPin(customer, '1234');
      await reads(customer, 'Paid, thank you');
      await list.getByText('KES 250,000').waitFor();
      expect(await scroll()).toEqual([0, 0, 0]);
      expect(problems).toEqual([]);
    });
  });

  describe('with a phone that rings for a few seconds', () => {
    beforeAll(async () => {
      demo = await startDemo({ EMULATOR_PROMPT_LIFETIME_MS: '6000' });
      customer = await openCustomer(browser, demo);
    });

    afterAll(async () => {
      await customer.close();
      await demo.stop();
    });

    it.each([
      { what: 'nobody touches it', phoneNumber: '0733 000 111', ignored: false },
      { what: 'somebody ignores it', phoneNumber: '0733 000 222', ignored: true },
    ])('tells the shop when $what', async ({ phoneNumber, ignored }) => {
      const { shop, phone, prompt, problems } = customer;
      await shop.reload();
      await order(customer, phoneNumber);
      await prompt.waitFor();
      if (ignored) await prompt.getByRole('button', { name: /^Ignore/ }).click();
      await prompt.waitFor({ state: 'hidden' });
      await reads(customer, 'There was no answer from your phone');
      await phone.getByRole('listitem').filter({ hasText: 'no answer in time' }).waitFor();
      expect(await shop.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true);
      expect(problems).toEqual([]);
    });

    it('stops at Ctrl+C, with both pages open, and the pages say so', async () => {
      const { phone } = customer;
      expect(await demo.stop()).toBe(0);
      await phone.getByText('The emulator does not answer.').waitFor();
    });
  });
});
