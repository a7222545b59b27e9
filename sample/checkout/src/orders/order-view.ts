import type { StkAttempt } from 'nestjs-mpesa';
import { type CustomerWords, customerWords, PAID, PAID_LATE } from '../payments/customer-words.js';
import type { Order, Payment } from './order.js';

/** What the customer's page shows of an order. */
export interface OrderView extends CustomerWords {
  id: string;
  reference: string;
  amount: number;
  receipt: string | null;
}

export function orderView(order: Order, attempt: StkAttempt): OrderView {
  const { id, reference, amount } = order;
  const receipt = order.receipt ?? attempt.receipt;
  return { id, reference, amount, receipt, ...wordsFor(order, attempt) };
}

function wordsFor(order: Order, attempt: StkAttempt): CustomerWords {
  // An earlier attempt may have paid it while we look at the newest one.
  if (order.status === 'paid') return PAID;
  if (order.status === 'paid-late') return PAID_LATE;
  return customerWords(attempt);
}

/** What the list for the staff shows of an order. */
export interface StaffView {
  reference: string;
  amount: number;
  placedAt: Date;
  status: Order['status'];
  receipt: string | null;
  payments: Payment[];
}

export function staffView(order: Order): StaffView {
  const { reference, amount, placedAt, status, receipt, payments } = order;
  return { reference, amount, placedAt, status, receipt, payments };
}
