import { createShop } from './create-shop.js';

const app = await createShop();
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 3000);
