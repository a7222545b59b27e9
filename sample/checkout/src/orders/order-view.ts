import type { StkAttempt } from 'nestjs-mpesa';
import { type CustomerWords, customerWords, PAID, PAID_LATE } from '../payments/customer-words.js';
import type { Order } from './order.entity.js';

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
