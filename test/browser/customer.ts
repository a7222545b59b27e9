import { writeFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { DemoProcess } from './demo-process.js';

const DESKTOP = { width: 1280, height: 800 };

/** Somebody with the shop open, a phone next to it, and the staff's list of orders. */
export interface Customer {
  shop: Page;
  phone: Page;
  /** The shop's list of orders. */
  list: Page;
  /** The payment request on the phone. */
  prompt: Locator;
  /** Errors on the console, exceptions, and requests to other hosts, on any of the pages. */
  problems: string[];
  /** A further page, in a window of its own; who opens it closes it. */
  open: (url: string) => Promise<Page>;
  close(): Promise<void>;
}

export async function openCustomer(
  browser: Browser,
  demo: DemoProcess,
  viewport = DESKTOP,
): Promise<Customer> {
  const problems: string[] = [];
  // A window each: a browser holds back what is behind another page.
  const open = async (url: string): Promise<Page> => {
    const context = await browser.newContext({ viewport, timezoneId: 'Africa/Nairobi' });
    context.setDefaultTimeout(30_000);
    collectProblems(context, [demo.shopUrl, demo.phoneUrl], problems);
    const page = await context.newPage();
    await page.goto(url);
    return page;
  };
  const shop = await open(demo.shopUrl);
  const phone = await open(demo.phoneUrl);
  const list = await open(`${demo.shopUrl}/orders`);
  const prompt = phone.getByRole('dialog', { name: 'Payment request' });
  const close = async (): Promise<void> => {
    for (const page of [shop, phone, list]) await page.context().close();
  };
  return { shop, phone, list, prompt, problems, open, close };
}

function collectProblems(context: BrowserContext, urls: string[], problems: string[]): void {
  const origins = urls.map((url) => new URL(url).origin);
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  context.on('weberror', (error) => problems.push(String(error.error())));
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && !origins.includes(origin)) problems.push(request.url());
  });
}

/** Fills in the shop's form and presses Pay. */
export async function order({ shop }: Customer, phoneNumber: string, amount = '1500') {
  await shop.getByLabel('Or another amount, in KES').fill(amount);
  await shop.getByLabel('M-PESA phone number').fill(phoneNumber);
  await shop.getByRole('button', { name: /^Pay KES/ }).click();
}

/** Types on the phone's keypad and sends. */
export async function enterPin({ prompt }: Customer, pin: string): Promise<void> {
  for (const digit of pin) await prompt.getByRole('button', { name: digit, exact: true }).click();
  await prompt.getByRole('button', { name: 'Send' }).click();
}

/** Waits until the shop tells the customer this. */
export async function reads({ shop }: Customer, title: string): Promise<void> {
  await shop.getByRole('heading', { name: title }).waitFor();
}

/** How many payment requests the phones were sent so far. */
export async function promptsOn(demo: DemoProcess): Promise<number> {
  const response = await fetch(`${demo.phoneUrl}/api/state`);
  const { phones } = (await response.json()) as { phones: { prompts: unknown[] }[] };
  return phones.reduce((count, { prompts }) => count + prompts.length, 0);
}

/** How far a page can be scrolled sideways, in pixels. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth');

/** With UPDATE_SCREENSHOTS=1 makes a picture of docs/ anew. */
export async function picture(
  page: Page,
  name: string,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<void> {
  if (!process.env.UPDATE_SCREENSHOTS) return;
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  const png = await page.screenshot({ animations: 'disabled', scale: 'css' });
  await writeFile(`docs/${name}.png`, png);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
}
