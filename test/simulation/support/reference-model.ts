/** What the reference model knows of one attempt. */
export interface ModelAttempt {
  status: 'sending' | 'uncertain' | 'pending' | 'expired' | 'rejected' | 'failed' | 'completed';
  sentAt: number;
  ids: 'own' | 'other' | null;
  waiting: Said[];
  told: boolean;
  /** Events that were told of it, `stk.` left out. */
  events: string[];
}

/** What a callback says. */
export interface Said {
  what: 'paid' | 'cancelled' | 'wrong amount';
  ids: 'own' | 'other';
}

const RANK = ['sending', 'uncertain', 'pending', 'expired', 'rejected', 'failed', 'completed'];
export const EXPIRE_MS = 300_000;

/** Two orders and their attempts, by the table of the design and nothing of the library's. */
export class ReferenceModel {
  now = 0;
  readonly orders: { attempts: ModelAttempt[]; paidBy: ModelAttempt | null }[] = [
    { attempts: [], paidBy: null },
    { attempts: [], paidBy: null },
  ];

  /** What `open()` is to answer; a new attempt is sent at once. */
  push(order: number): 'opened' | 'order-paid' | 'order-busy' {
    const { attempts, paidBy } = this.orders[order]!;
    if (paidBy) return 'order-paid';
    if (attempts.some(({ status }) => RANK.indexOf(status) < 3)) return 'order-busy';
    const sentAt = this.now;
    attempts.push({ status: 'sending', sentAt, ids: null, waiting: [], told: false, events: [] });
    return 'opened';
  }

  answer(order: number, i: number, how: 'accepted' | 'refused' | 'unknown'): void {
    const attempt = this.at(order, i);
    const waited = attempt.status === 'sending';
    if (how === 'accepted') {
      attempt.ids = 'own';
      if (this.raise(attempt, 'pending')) attempt.events.push('prompted');
    } else if (how === 'refused') this.negative(order, attempt, 'rejected');
    else if (this.raise(attempt, 'uncertain')) attempt.events.push('outcome-unknown');
    if (!waited) return;
    for (const said of attempt.waiting.splice(0)) this.hear(order, attempt, said);
  }

  callback(order: number, i: number, said: Said): void {
    const attempt = this.at(order, i);
    if (attempt.status === 'sending') attempt.waiting.push(said);
    else this.hear(order, attempt, said);
  }

  query(order: number, i: number, code: string): void {
    const attempt = this.at(order, i);
    if (code === '0') this.paid(order, attempt);
    else if (code === '1032') this.negative(order, attempt, 'failed');
    else this.look(order, attempt, 1);
  }

  /** Time goes by, and everybody is looked at. */
  tick(ms: number): void {
    this.now += ms;
    this.orders.forEach(({ attempts }, order) => {
      for (const attempt of attempts) this.look(order, attempt, attempt.ids ? 2 : 1);
    });
  }

  operator(order: number, i: number, to: 'completed' | 'failed'): void {
    const attempt = this.at(order, i);
    const waited = attempt.status === 'sending';
    if (to === 'completed') this.paid(order, attempt);
    else this.negative(order, attempt, 'failed');
    if (!waited) return;
    for (const said of attempt.waiting.splice(0)) this.hear(order, attempt, said);
  }

  private hear(order: number, attempt: ModelAttempt, { what, ids }: Said): void {
    if (attempt.ids && attempt.ids !== ids) return;
    if (what === 'wrong amount') return;
    attempt.ids ??= ids;
    if (what === 'paid') this.paid(order, attempt);
    else this.negative(order, attempt, 'failed');
  }

  private look(order: number, attempt: ModelAttempt, patience: number): void {
    const waits = attempt.status === 'uncertain' || attempt.status === 'pending';
    if (!waits || this.now - attempt.sentAt < patience * EXPIRE_MS) return;
    this.negative(order, attempt, 'expired');
  }

  private paid(order: number, attempt: ModelAttempt): void {
    if (!this.raise(attempt, 'completed')) return;
    const { paidBy } = this.orders[order]!;
    if (paidBy) attempt.events.push('duplicate-payment');
    else attempt.events.push(attempt.told ? 'completed-late' : 'completed');
    this.orders[order]!.paidBy ??= attempt;
  }

  /** A paid order is never un-paid: nobody is told of it. */
  private negative(
    order: number,
    attempt: ModelAttempt,
    to: 'expired' | 'rejected' | 'failed',
  ): void {
    if (!this.raise(attempt, to) || this.orders[order]!.paidBy) return;
    attempt.told = true;
    attempt.events.push(to);
  }

  private raise(attempt: ModelAttempt, to: ModelAttempt['status']): boolean {
    if (RANK.indexOf(to) <= RANK.indexOf(attempt.status)) return false;
    attempt.status = to;
    return true;
  }

  private at(order: number, i: number): ModelAttempt {
    return this.orders[order]!.attempts[i]!;
  }
}
