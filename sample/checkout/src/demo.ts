import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DarajaEmulator, EMULATOR_ACCOUNT } from 'nestjs-mpesa/testing';
import { freePort } from './free-port.js';
import { ShopProcess } from './shop-process.js';

// The shop as it is, against an emulator in place of Safaricom: no account, no money, nothing to
// install. The shop has a process of its own, to be killed while the phone rings.

const fromEnv = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

const database = process.env.DEMO_DATABASE
  ? resolve(process.env.DEMO_DATABASE)
  : fileURLToPath(new URL('../.data/demo.sqlite', import.meta.url));
const shopPort = await freePort(fromEnv('PORT', 3000), 'shop');
const emulator = new DarajaEmulator({
  promptLifetimeMs: fromEnv('EMULATOR_PROMPT_LIFETIME_MS', 60_000),
});
const emulatorUrl = await emulator.listen(
  await freePort(fromEnv('EMULATOR_PORT', 4010), 'virtual phone'),
);
const shopUrl = `http://127.0.0.1:${shopPort}`;
const phoneUrl = `${emulatorUrl}/phone`;

const shop = new ShopProcess({
  PORT: String(shopPort),
  HOST: '127.0.0.1',
  DATABASE_URL: '',
  DATABASE_FILE: database,
  MPESA_ENVIRONMENT: 'sandbox',
  MPESA_CONSUMER_KEY: EMULATOR_ACCOUNT.consumerKey,
  MPESA_CONSUMER_SECRET: EMULATOR_ACCOUNT.consumerSecret,
  MPESA_SHORT_CODE: EMULATOR_ACCOUNT.shortCode,
  MPESA_PASS_KEY: EMULATOR_ACCOUNT.passKey,
  MPESA_CALLBACK_URL: `${shopUrl}/stk/callback`,
  MPESA_BASE_URL: emulatorUrl,
  DEMO_PHONE_URL: phoneUrl,
});

process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());

const pid = await shop.start();
console.log(`
  The demo is running. Open both pages, next to each other:

    Shop           ${shopUrl}
    Virtual phone  ${phoneUrl}
    Database       ${database}

  The shop is process ${pid}. Kill it (kill -9 ${pid}) while the phone rings, then pay: the page
  loses nothing. Ctrl+C stops the demo.
`);

shop.onKilled = async (signal) => {
  console.log(`\n  The shop was killed (${signal}). Starting it again…`);
  console.log(`  The shop is process ${await shop.start()}.\n`);
};

async function stop(): Promise<void> {
  await shop.stop();
  await emulator.close();
  process.exit(0);
}
