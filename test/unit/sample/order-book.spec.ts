import type { DataSource } from 'typeorm';
import { OrderBook } from '../../../sample/checkout/src/orders/order-book.js';
import { openShopDatabase } from './shop-database.js';

describe("the checkout sample's order book", () => {
  let database: DataSource;
  let book: OrderBook;

  beforeEach(async () => {
    database = await openShopDatabase();
    book = new OrderBook(database.manager);
  });

  afterEach(() => database.destroy());

  it('has the tables that its entities describe', async () => {
    const { upQueries } = await database.driver.createSchemaBuilder().log();
    expect(upQueries.filter(({ query }) => query.includes('shop_'))).toEqual([]);
  });

  it('takes its tables back', async () => {
    // Newest first, and there are two.
    await database.undoLastMigration();
    await database.undoLastMigration();
    const runner = database.createQueryRunner();
    expect(await runner.hasTable('shop_order')).toBe(false);
    expect(await runner.hasTable('shop_task')).toBe(false);
  });

  it('knows an order by its key, and refuses another amount under it', async () => {
    const first = await book.place('key-1', 1500);
    expect((await book.place('key-1', 1500)).id).toBe(first.id);
    await expect(book.place('key-1', 10)).rejects.toThrow('another amount');
    expect((await book.place('key-2', 10)).id).not.toBe(first.id);
    expect(await book.latest(10)).toHaveLength(2);
  });

  it('makes one order of requests that come at once', async () => {
    const orders = await Promise.all(Array.from({ length: 20 }, () => book.place('key-1', 1500)));
    expect(new Set(orders.map(({ id }) => id)).size).toBe(1);
    expect(orders[0]!.reference).toBe('INV-001');
  });

  it('does not know an order that is not there', async () => {
    await expect(book.get('nobody')).rejects.toThrow('no such order');
    await expect(book.get(null)).rejects.toThrow('no such order');
  });
});
