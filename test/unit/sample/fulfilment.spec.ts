import {
  StkCompleted,
  StkCompletedLate,
  StkDuplicatePayment,
  StkNeedsReview,
  StkReceiptReceived,
} from '../../../lib/index.js';
import { OrderBook } from '../../../sample/checkout/src/orders/order-book.js';
import { Fulfilment } from '../../../sample/checkout/src/payments/fulfilment.js';

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
  let book: OrderBook;
  let fulfilment: Fulfilment;
  let orderId: string;

  beforeEach(() => {
    book = new OrderBook();
    fulfilment = new Fulfilment(book);
    orderId = book.place('key-1', 1500).id;
  });

  const completion = (receipt: string | null) => ({
    ...eventOf(orderId, 'stk.completed'),
    amount: 1500,
    receipt,
    paidAt: new Date(),
    confirmedBy: 'callback' as const,
  });

  it('marks an order paid, however often it is told', () => {
    fulfilment.paid(new StkCompleted(completion('UKO1')));
    fulfilment.paid(new StkCompleted(completion('UKO1')));
    expect(book.get(orderId)).toMatchObject({ status: 'paid', receipt: 'UKO1' });
    expect(book.tasks).toEqual([]);
  });

  it('takes a receipt that follows, and keeps one that it has', () => {
    fulfilment.paid(new StkCompleted(completion(null)));
    for (const receipt of ['UKO1', 'UKO2']) {
      const event = { ...eventOf(orderId, 'stk.receipt-received'), receipt };
      fulfilment.receiptArrived(new StkReceiptReceived(event));
    }
    expect(book.get(orderId).receipt).toBe('UKO1');
  });

  it('leaves a late payment to a person, once', () => {
    const late = new StkCompletedLate({ ...completion('UKO1'), previousStatus: 'expired' });
    fulfilment.paidLate(late);
    fulfilment.paidLate(late);
    expect(book.get(orderId).status).toBe('paid-late');
    expect(book.tasks.map(({ reference, text }) => `${reference}: ${text}`)).toEqual([
      'INV-001: Paid after we had said "expired". Send the card or refund.',
    ]);
  });

  it('leaves a second payment and a contradiction to a person, and the order as it is', () => {
    fulfilment.paid(new StkCompleted(completion('UKO1')));
    fulfilment.paidTwice(
      new StkDuplicatePayment({
        ...eventOf(orderId, 'stk.duplicate-payment'),
        amount: 1500,
        receipt: 'UKO2',
        paidAttemptId: 'a0',
      }),
    );
    fulfilment.looksOdd(
      new StkNeedsReview({
        ...eventOf(orderId, 'stk.needs-review:amount-mismatch'),
        flag: 'amount-mismatch',
        status: 'pending',
        evidence: {},
      }),
    );
    expect(book.get(orderId)).toMatchObject({ status: 'paid', receipt: 'UKO1' });
    expect(book.tasks.map(({ text }) => text)).toEqual([
      'Paid twice. Refund KES 1500, receipt UKO2.',
      'Something does not add up (amount-mismatch). Check the M-Pesa statement.',
    ]);
  });

  it('knows an order by its key, and refuses another amount under it', () => {
    expect(book.place('key-1', 1500).id).toBe(orderId);
    expect(() => book.place('key-1', 10)).toThrow('another amount');
    expect(book.place('key-2', 10).reference).toBe('INV-002');
  });
});
