import { type Browser, chromium } from 'playwright-core';
import { locate } from '../support/services.js';

const LAUNCH_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser of this machine. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: locate('chromium'), args: LAUNCH_ARGUMENTS });
