import { DarajaEmulator, EMULATOR_ACCOUNT } from 'nestjs-mpesa/testing';
import { createShop } from './create-shop.js';
import { freePort } from './free-port.js';

// The shop as it is, against an emulator in place of Safaricom: no account, no money, no database.

const fromEnv = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

const shopPort = await freePort(fromEnv('PORT', 3000), 'shop');
const emulator = new DarajaEmulator({
  promptLifetimeMs: fromEnv('EMULATOR_PROMPT_LIFETIME_MS', 60_000),
});
const emulatorUrl = await emulator.listen(
  await freePort(fromEnv('EMULATOR_PORT', 4010), 'virtual phone'),
);
const shopUrl = `http://127.0.0.1:${shopPort}`;
const phoneUrl = `${emulatorUrl}/phone`;

Object.assign(process.env, {
  MPESA_ENVIRONMENT: 'sandbox',
  MPESA_CONSUMER_KEY: EMULATOR_ACCOUNT.consumerKey,
  MPESA_CONSUMER_SECRET: EMULATOR_ACCOUNT.consumerSecret,
  MPESA_SHORT_CODE: EMULATOR_ACCOUNT.shortCode,
  MPESA_PASS_KEY: EMULATOR_ACCOUNT.passKey,
  MPESA_CALLBACK_URL: `${shopUrl}/stk/callback`,
  MPESA_BASE_URL: emulatorUrl,
  DEMO_PHONE_URL: phoneUrl,
});

const shop = await createShop();
await shop.listen(shopPort, '127.0.0.1');

console.log(`
  The demo is running. Open both pages, next to each other:

    Shop           ${shopUrl}
    Virtual phone  ${phoneUrl}

  Ctrl+C stops it.
`);

async function stop(): Promise<void> {
  await shop.close();
  await emulator.close();
  process.exit(0);
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
