/** One gift card that somebody ordered. */
export interface Order {
  id: string;
  /** What the customer reads in the prompt and in the receipt message; at most 12 characters. */
  reference: string;
  /** Drawn by the page: a double click, or a repeat after a lost answer, is the same order. */
  idempotencyKey: string;
  /** Whole KES. */
  amount: number;
  placedAt: Date;
  /** `paid-late`: the money came after the customer had been told that it did not. */
  status: 'open' | 'paid' | 'paid-late';
  receipt: string | null;
  payments: Payment[];
}

/** One prompt on a phone: an order has one for each time the customer pressed Pay. */
export interface Payment {
  attemptId: string;
  /** Masked: whoever looks at the list needs no more to recognise a customer. */
  phoneNumber: string;
  history: HistoryEntry[];
}

export interface HistoryEntry {
  /** Tells a second delivery of the same event. */
  eventId: string;
  at: Date;
  type: string;
  text: string;
  textSw?: string;
}

/** Something that a person has to do. */
export interface Task {
  eventId: string;
  at: Date;
  reference: string;
  text: string;
}
