import { DataSource } from 'typeorm';
import { mpesaEntities, mpesaMigrations } from '../../../lib/typeorm.js';
import { CreateShop1764000000000 } from '../../../sample/checkout/src/orders/create-shop.migration.js';
import { Order } from '../../../sample/checkout/src/orders/order.entity.js';
import { Task } from '../../../sample/checkout/src/orders/task.entity.js';

/** The checkout sample's database, empty, in memory. */
export function openShopDatabase(): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'sqljs',
    entities: [Order, Task, ...mpesaEntities({ type: 'sqljs' })],
    migrations: [CreateShop1764000000000, ...mpesaMigrations()],
    migrationsRun: true,
  });
  return dataSource.initialize();
}
