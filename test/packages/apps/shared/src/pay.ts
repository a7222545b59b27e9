import { Shop } from './shop.js';

/** One payment, start to end, in plain Node; prints what the shop was told. */
async function pay(): Promise<void> {
  const shop = await Shop.open('express');
  try {
    const attempt = await shop.checkout.pay('order-1');
    shop.daraja.approve(attempt.checkoutRequestId ?? '');
    const { status, receipt } = await shop.checkout.outcome(attempt);
    const events = (await shop.told('order-1')).map((event) => event.constructor.name);
    process.stdout.write(JSON.stringify({ status, hasReceipt: Boolean(receipt), events }));
  } finally {
    await shop.close();
  }
}

pay().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
