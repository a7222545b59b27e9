import { setTimeout as sleep } from 'node:timers/promises';
import { TENANTS } from '../shop/tenants.js';

const LOOK_EVERY_MS = 500;

/** Pays orders, some at a time, and does not leave one before the shop says that it is paid. */
export class Customers {
  paid = 0;
  /** Orders that had to be asked for again, as nothing had come of the attempt before. */
  again = 0;
  private next = 0;

  constructor(
    private readonly shop: string,
    private readonly orders: number,
  ) {}

  async pay(customers: number): Promise<void> {
    await Promise.all(Array.from({ length: customers }, () => this.payAll()));
  }

  private async payAll(): Promise<void> {
    for (let order = this.next; order < this.orders; order = this.next) {
      this.next += 1;
      await this.payOne(order);
      this.paid += 1;
    }
  }

  private async payOne(order: number): Promise<void> {
    const tenants = Object.keys(TENANTS);
    const path = `/${tenants[order % tenants.length]}/orders/${order}`;
    let isFirst = true;
    for (;;) {
      const status = isFirst ? 'open' : await this.status(path);
      if (status === 'paid') return;
      if (status === 'open') {
        if (!isFirst) this.again += 1;
        isFirst = false;
        await this.ask(path, order);
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Whatever is answered, the status of the order tells what came of it. */
  private async ask(path: string, order: number): Promise<void> {
    const push = {
      phoneNumber: `2547${String(order).padStart(8, '0')}`,
      amount: 100 + (order % 20),
      accountReference: `ORDER-${order}`,
      transactionDesc: 'Groceries',
    };
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify(push) };
    await fetch(`${this.shop}${path}/pay`, request).catch(() => undefined);
  }

  private async status(path: string): Promise<string> {
    try {
      const answer = await fetch(this.shop + path);
      return answer.ok ? ((await answer.json()) as { status: string }).status : 'unknown';
    } catch {
      return 'unknown';
    }
  }
}
