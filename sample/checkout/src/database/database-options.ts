import { mpesaEntities, mpesaMigrations } from 'nestjs-mpesa/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { CreateShop1764000000000 } from '../orders/create-shop.migration.js';
import { Order } from '../orders/order.entity.js';
import { Task } from '../orders/task.entity.js';
import { embeddedDatabase } from './embedded-database.js';

/** PostgreSQL, MySQL or MariaDB, as DATABASE_URL says; without it the embedded database. */
export function databaseOptions(): DataSourceOptions {
  const connection = connectionOptions(process.env.DATABASE_URL);
  return {
    ...connection,
    // The shop's tables and those of nestjs-mpesa: one database, so that one transaction can hold both.
    entities: [Order, Task, ...mpesaEntities({ type: connection.type })],
    migrations: [CreateShop1764000000000, ...mpesaMigrations()],
  };
}

function connectionOptions(url?: string) {
  if (!url) return embeddedDatabase();
  const { protocol } = new URL(url);
  switch (protocol) {
    case 'postgres:':
    case 'postgresql:':
      return { type: 'postgres' as const, url };
    case 'mysql:':
      return { type: 'mysql' as const, url };
    case 'mariadb:':
      return { type: 'mariadb' as const, url };
    default:
      throw new Error(`DATABASE_URL: postgres://…, mysql://… or mariadb://…, not ${protocol}//`);
  }
}
