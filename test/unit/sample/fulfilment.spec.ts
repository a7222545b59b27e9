import type { DataSource } from 'typeorm';
import {
  StkCompleted,
  StkCompletedLate,
  StkDuplicatePayment,
  StkNeedsReview,
  StkReceiptReceived,
} from '../../../lib/index.js';
import { OrderBook } from '../../../sample/checkout/src/orders/order-book.js';
import { Fulfilment } from '../../../sample/checkout/src/payments/fulfilment.js';
import { openShopDatabase } from './shop-database.js';

function eventOf(orderId: string, name: string) {
  return {
    id: `a1:${name}`,
    attemptId: 'a1',
    account: 'default',
    orderId,
    occurredAt: new Date('2026-11-24T12:00:00Z'),
    metadata: null,
  };
}

describe("the checkout sample's fulfilment", () => {
  let database: DataSource;
  let book: OrderBook;
  let fulfilment: Fulfilment;
  let orderId: string;

  beforeEach(async () => {
    database = await openShopDatabase();
    book = new OrderBook(database.manager);
    fulfilment = new Fulfilment(database, book);
    orderId = (await book.place('key-1', 1500)).id;
  });

  afterEach(() => database.destroy());

  const completion = (receipt: string | null) => ({
    ...eventOf(orderId, 'stk.completed'),
    amount: 1500,
    receipt,
    paidAt: new Date(),
    confirmedBy: 'callback' as const,
  });

  const received = (receipt: string) =>
    new StkReceiptReceived({ ...eventOf(orderId, 'stk.receipt-received'), receipt });

  const tasks = async () =>
    (await book.tasks(10)).map(({ reference, text }) => `${reference}: ${text}`);

  it('marks an order paid, however often it is told', async () => {
    await fulfilment.paid(new StkCompleted(completion('UKO1')));
    await fulfilment.paid(new StkCompleted(completion('UKO1')));
    expect(await book.get(orderId)).toMatchObject({ status: 'paid', receipt: 'UKO1' });
    expect(await tasks()).toEqual([]);
  });

  it('takes a receipt that follows, and keeps one that it has', async () => {
    await fulfilment.paid(new StkCompleted(completion(null)));
    await fulfilment.receiptArrived(received('UKO1'));
    await fulfilment.receiptArrived(received('UKO2'));
    expect(await book.get(orderId)).toMatchObject({ status: 'paid', receipt: 'UKO1' });
  });

  it('keeps a receipt that is handled before the payment is', async () => {
    await fulfilment.receiptArrived(received('UKO1'));
    await fulfilment.paid(new StkCompleted(completion(null)));
    expect(await book.get(orderId)).toMatchObject({ status: 'paid', receipt: 'UKO1' });
  });

  it('leaves a late payment to a person, once', async () => {
    const late = new StkCompletedLate({
      ...completion('UKO1'),
      ...eventOf(orderId, 'stk.completed-late'),
      previousStatus: 'expired',
    });
    await fulfilment.paidLate(late);
    await fulfilment.paidLate(late);
    expect(await book.get(orderId)).toMatchObject({ status: 'paid-late', receipt: 'UKO1' });
    expect(await tasks()).toEqual([
      'INV-001: Paid after we had said "expired". Send the card or refund.',
    ]);
  });

  it('leaves a second payment and a contradiction to a person, and the order as it is', async () => {
    await fulfilment.paid(new StkCompleted(completion('UKO1')));
    await fulfilment.paidTwice(
      new StkDuplicatePayment({
        ...eventOf(orderId, 'stk.duplicate-payment'),
        amount: 1500,
        receipt: 'UKO2',
        paidAttemptId: 'a0',
      }),
    );
    await fulfilment.looksOdd(
      new StkNeedsReview({
        ...eventOf(orderId, 'stk.needs-review:amount-mismatch'),
        flag: 'amount-mismatch',
        status: 'pending',
        evidence: {},
      }),
    );
    expect(await book.get(orderId)).toMatchObject({ status: 'paid', receipt: 'UKO1' });
    expect(await tasks()).toEqual([
      'INV-001: Paid twice. Refund KES 1500, receipt UKO2.',
      'INV-001: Something does not add up (amount-mismatch). Check the M-Pesa statement.',
    ]);
  });
});
