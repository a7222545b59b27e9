import { jest } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { describeWith } from '../support/services.js';
import { seriousFindings } from './accessibility.js';
import { buildDemo } from './build-demo.js';
import {
  type Customer,
  enterPin,
  openCustomer,
  order,
  picture,
  reads,
  sidewaysScroll,
} from './customer.js';
import { type DemoProcess, startDemo } from './demo-process.js';
import { openBrowser } from './open-browser.js';

/** A lost callback is asked about when the prompt's minute is over. */
const FOUND_BY_QUERY_MS = 100_000;

jest.setTimeout(150_000);

describeWith('chromium', 'the control panel in a browser', () => {
  let browser: Browser;
  let demo: DemoProcess;
  let customer: Customer;
  let panel: Page;

  beforeAll(async () => {
    await buildDemo();
    browser = await openBrowser();
    demo = await startDemo();
  }, 300_000);

  afterAll(async () => {
    await demo.stop();
    await browser.close();
  });

  beforeEach(async () => {
    customer = await openCustomer(browser, demo);
    panel = await customer.open(`${demo.phoneUrl}/panel`);
    await panel.getByRole('heading', { name: 'Control panel' }).waitFor();
  });

  afterEach(async () => {
    await panel.context().close();
    await customer.close();
  });

  const pick = async (label: string): Promise<void> => {
    await panel.locator('#faults').getByText(label, { exact: true }).click();
    await panel.locator('#next').getByText(label, { exact: true }).waitFor();
  };
  const entryOf = (amount: string): Locator =>
    customer.list.getByRole('listitem').filter({ hasText: `KES ${amount}` });
  const callbacks = (): Locator => panel.locator('#time-line > .callback');

  it('loses a callback, and a query settles the order', async () => {
    const { shop, problems } = customer;
    await pick('Lose the callback');
    await order(customer, '0744 000 111', '311');
    await enterPin(customer, '1234');

    await shop
      .getByRole('heading', { name: 'Paid, thank you' })
      .waitFor({ timeout: FOUND_BY_QUERY_MS });
    expect(await callbacks().count()).toBe(0);
    await panel.locator('#time-line').getByText('Query', { exact: true }).first().waitFor();
    await entryOf('311')
      .getByText(/told by (the|a) query/)
      .waitFor();
    expect(problems).toEqual([]);
  });

  it('sends a callback twice and once more by hand, and the order is sent once', async () => {
    const { problems } = customer;
    await pick('Send the callback twice');
    await order(customer, '0744 000 222', '322');
    await enterPin(customer, '1234');
    await reads(customer, 'Paid, thank you');
    await callbacks().nth(1).getByText('200').waitFor();
    expect(await callbacks().count()).toBe(2);

    await callbacks().first().getByRole('button', { name: 'Send again' }).click();
    await callbacks().nth(2).waitFor();
    await callbacks().first().getByText('200').waitFor();

    const entry = entryOf('322');
    await entry.getByText('paid', { exact: true }).waitFor();
    expect(await entry.getByText(/^Paid, receipt/).count()).toBe(1);
    expect(problems).toEqual([]);
  });

  it('shows bodies without passwords, tokens and numbers', async () => {
    await order(customer, '0744 000 333', '333');
    await customer.prompt.waitFor();
    await enterPin(customer, '1234');
    await reads(customer, 'Paid, thank you');
    const push = panel.locator('#time-line > li').filter({ hasText: 'CallBackURL' }).first();
    await push.getByText('Sent', { exact: true }).click();
    await push.getByText('"Password": "***"').waitFor();
    await push.getByText('"PhoneNumber": "2547*****333"').waitFor();
    expect(await panel.content()).not.toContain('744000333');
    await picture(panel, 'panel');

    await panel.setViewportSize({ width: 360, height: 740 });
    expect(await sidewaysScroll(panel)).toBe(0);
  });

  it('is worked by keyboard alone', async () => {
    const focused =
      "document.activeElement?.closest('button')?.querySelector('strong')?.textContent";
    for (let tabs = 0; (await panel.evaluate(focused)) !== 'Lose the callback'; tabs += 1) {
      if (tabs > 10) throw new Error('The faults are not reached by Tab');
      await panel.keyboard.press('Tab');
    }
    await panel.keyboard.press('Enter');
    await panel.locator('#next').getByText('Lose the callback', { exact: true }).waitFor();
    expect(await panel.evaluate(focused)).toBe('Lose the callback');
    const clear = panel.getByRole('button', { name: 'Forget these' });
    await clear.focus();
    await panel.keyboard.press('Space');
    await panel.getByText('Nothing: the next push goes well.').waitFor();
  });

  it('puts any ready-made scenario in line, and revokes the tokens', async () => {
    // So that there is a token.
    await order(customer, '0744 000 666', '365');
    await enterPin(customer, '1234');
    await reads(customer, 'Paid, thank you');
    await customer.shop.reload();

    await panel.getByLabel('Any other').selectOption('wrong-pin');
    await panel.getByRole('button', { name: 'Put in line' }).click();
    await panel.locator('#next').getByText('wrong-pin', { exact: true }).waitFor();
    await panel.getByRole('button', { name: 'Revoke all tokens now' }).click();
    await panel.locator('#announcer', { hasText: 'All tokens are revoked' }).waitFor();
    await order(customer, '0744 000 666', '366');

    await reads(customer, 'That was not the right PIN');
    await panel
      .locator('#time-line > li')
      .filter({ hasText: 'Push' })
      .getByText('404', { exact: true })
      .waitFor();
    await panel.getByText('Nothing: the next push goes well.').waitFor();
    expect(customer.problems).toEqual([]);
  });

  it('takes the network from a phone', async () => {
    const { phone, shop } = customer;
    await order(customer, '0744 000 444', '344');
    await customer.prompt.waitFor();
    await enterPin(customer, '1234');
    await reads(customer, 'Paid, thank you');
    const network = phone.getByRole('button', { name: 'No network' });
    await network.click();
    await phone.getByRole('button', { name: 'No network', pressed: true }).waitFor();

    await shop.reload();
    await order(customer, '0744 000 444', '345');
    await reads(customer, 'There was no answer from your phone');
    expect(await customer.prompt.isVisible()).toBe(false);
  });

  it('has nothing that axe finds serious, nor have the shop, its list and the phone', async () => {
    const { shop, phone, list, prompt } = customer;
    expect(await seriousFindings(shop)).toEqual([]);
    await order(customer, '0744 000 555', '355');
    await prompt.waitFor();
    expect(await seriousFindings(phone)).toEqual([]);
    await enterPin(customer, '1234');
    await reads(customer, 'Paid, thank you');
    await panel.getByText('Sent', { exact: true }).first().click();
    for (const page of [shop, phone, list, panel]) expect(await seriousFindings(page)).toEqual([]);
  });
});
