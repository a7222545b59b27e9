import { createShop } from './create-shop.js';

const app = await createShop();
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 3000, process.env.HOST ?? '0.0.0.0');
// To whoever started this process and waits: the demo, or a process manager.
process.send?.('ready');
