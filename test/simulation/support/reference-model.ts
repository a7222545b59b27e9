type Status =
  'created' | 'sending' | 'uncertain' | 'pending' | 'expired' | 'rejected' | 'failed' | 'completed';

/** What the reference model knows of one attempt. */
export interface ModelAttempt {
  status: Status;
  since: number;
  sends: number;
  /** Whether the last send has had no answer yet. */
  isAsking: boolean;
  ids: 'own' | 'other' | null;
  idsFrom: 'response' | 'callback' | null;
  holdsSlot: boolean;
  /** A success that was heard and does not count yet. */
  noted: boolean;
  waiting: Said[];
  told: boolean;
  /** Events that were told of it, `stk.` left out. */
  events: string[];
}

/** What a callback says. */
export interface Said {
  what: 'paid' | 'paid without a receipt' | 'cancelled' | 'wrong amount';
  ids: 'own' | 'other';
}

export type Answer = 'accepted' | 'refused' | 'not sent' | 'unknown';
export type Verdict = 'completed' | 'failed' | 'rejected' | 'expired';

const RANK: readonly Status[] = [
  'created',
  'sending',
  'uncertain',
  'pending',
  'expired',
  'rejected',
  'failed',
  'completed',
];
const EXPIRE_MS = 300_000;
export const SEND_WITHIN_MS = 30_000;

/** Two orders and their attempts, by the table of the design and nothing of the library's. */
export class ReferenceModel {
  now = 0;
  readonly orders: { attempts: ModelAttempt[]; paidBy: ModelAttempt | null }[] = [
    { attempts: [], paidBy: null },
    { attempts: [], paidBy: null },
  ];

  open(order: number): 'opened' | 'order-paid' | 'order-busy' {
    const { attempts, paidBy } = this.orders[order]!;
    if (paidBy) return 'order-paid';
    if (attempts.some(({ holdsSlot }) => holdsSlot)) return 'order-busy';
    attempts.push({
      status: 'created',
      since: this.now,
      sends: 0,
      isAsking: false,
      ids: null,
      idsFrom: null,
      holdsSlot: true,
      noted: false,
      waiting: [],
      told: false,
      events: [],
    });
    return 'opened';
  }

  /** @param sends how many the process believes were claimed */
  claim(order: number, i: number, sends: number): 'claimed' | 'order-paid' | 'lost' {
    const attempt = this.at(order, i);
    const { paidBy } = this.orders[order]!;
    if (paidBy && paidBy !== attempt) return 'order-paid';
    const sendable = attempt.status === 'created' || attempt.status === 'sending';
    if (!sendable || attempt.sends !== sends) return 'lost';
    const sent = { sends: sends + 1, since: this.now, isAsking: true };
    Object.assign(attempt, { status: 'sending', ...sent });
    return 'claimed';
  }

  answer(order: number, i: number, how: Answer, sends: number): void {
    const attempt = this.at(order, i);
    if (how === 'not sent' && sends !== attempt.sends) return;
    attempt.isAsking = false;
    this.move(order, attempt, () => {
      if (how === 'accepted') this.accept(attempt);
      else if (how === 'unknown') this.doubt(attempt);
      else this.reject(order, attempt);
    });
  }

  callback(order: number, i: number, said: Said): void {
    const attempt = this.at(order, i);
    if (attempt.status === 'sending') attempt.waiting.push(said);
    else this.hear(order, attempt, said);
  }

  query(order: number, i: number, code: '0' | '1032' | '4999' | 'error'): void {
    const attempt = this.at(order, i);
    if (code === '0') this.paid(order, attempt);
    else if (code === '1032') this.fail(order, attempt);
    else this.look(order, attempt, code === '4999' ? 1 : 2);
  }

  /** Time goes by, and everything that is due is looked at. */
  tick(ms: number): void {
    this.now += ms;
    this.orders.forEach(({ attempts }, order) => {
      for (const attempt of attempts) this.lookAt(order, attempt);
    });
  }

  operator(order: number, i: number, to: Verdict): void {
    const attempt = this.at(order, i);
    this.move(order, attempt, () => {
      if (to === 'completed') this.paid(order, attempt);
      else if (to === 'rejected') this.reject(order, attempt);
      else if (to === 'expired') this.expire(order, attempt);
      else {
        const held = attempt.status === 'failed' && attempt.holdsSlot;
        if (!this.raise(attempt, 'failed') && !held) return;
        attempt.holdsSlot = false;
        this.tell(order, attempt, 'failed');
      }
    });
  }

  private lookAt(order: number, attempt: ModelAttempt): void {
    const age = this.now - attempt.since;
    if (attempt.status === 'created' && age >= SEND_WITHIN_MS) this.reject(order, attempt);
    else if (attempt.status === 'sending' && age >= SEND_WITHIN_MS) {
      this.move(order, attempt, () => {
        this.doubt(attempt);
      });
    }
    this.look(order, attempt, attempt.ids ? 2 : 1);
  }

  /** What came while the answer was awaited is heard once nobody waits. */
  private move(order: number, attempt: ModelAttempt, change: () => void): void {
    const waited = attempt.status === 'sending';
    change();
    if (!waited || attempt.status === 'sending') return;
    for (const said of attempt.waiting.splice(0)) this.hear(order, attempt, said);
  }

  private hear(order: number, attempt: ModelAttempt, { what, ids }: Said): void {
    if (attempt.ids && attempt.ids !== ids) return;
    if (what === 'wrong amount') return;
    if (!attempt.ids) Object.assign(attempt, { ids, idsFrom: 'callback' });
    if (what === 'paid') this.paid(order, attempt);
    else if (what === 'cancelled') this.fail(order, attempt);
    else if (attempt.status !== 'completed') attempt.noted = true;
  }

  private accept(attempt: ModelAttempt): void {
    const contradicted = attempt.idsFrom === 'callback' && attempt.ids !== 'own';
    if (contradicted) attempt.noted = false;
    Object.assign(attempt, { ids: 'own', idsFrom: 'response' });
    if (this.raise(attempt, 'pending')) attempt.events.push('prompted');
  }

  private doubt(attempt: ModelAttempt): void {
    if (this.raise(attempt, 'uncertain')) attempt.events.push('outcome-unknown');
  }

  private look(order: number, attempt: ModelAttempt, patience: number): void {
    const waits = attempt.status === 'uncertain' || attempt.status === 'pending';
    if (!waits || attempt.noted || this.now - attempt.since < patience * EXPIRE_MS) return;
    this.expire(order, attempt);
  }

  private expire(order: number, attempt: ModelAttempt): void {
    if (!this.raise(attempt, 'expired')) return;
    attempt.holdsSlot = false;
    this.tell(order, attempt, 'expired');
  }

  private reject(order: number, attempt: ModelAttempt): void {
    if (this.raise(attempt, 'rejected')) this.letGo(order, attempt, 'rejected');
  }

  private fail(order: number, attempt: ModelAttempt): void {
    if (this.raise(attempt, 'failed')) this.letGo(order, attempt, 'failed');
  }

  /** Where money was seen nobody is told that there is none, and the order stays barred. */
  private letGo(order: number, attempt: ModelAttempt, told: string): void {
    if (attempt.noted) return;
    attempt.holdsSlot = false;
    this.tell(order, attempt, told);
  }

  private paid(order: number, attempt: ModelAttempt): void {
    if (!this.raise(attempt, 'completed')) return;
    Object.assign(attempt, { noted: false, holdsSlot: false });
    const { paidBy } = this.orders[order]!;
    if (paidBy) attempt.events.push('duplicate-payment');
    else attempt.events.push(attempt.told ? 'completed-late' : 'completed');
    this.orders[order]!.paidBy ??= attempt;
  }

  /** A paid order is never un-paid: nobody is told of it. */
  private tell(order: number, attempt: ModelAttempt, event: string): void {
    if (this.orders[order]!.paidBy) return;
    attempt.told = true;
    attempt.events.push(event);
  }

  private raise(attempt: ModelAttempt, to: Status): boolean {
    if (RANK.indexOf(to) <= RANK.indexOf(attempt.status)) return false;
    attempt.status = to;
    return true;
  }

  private at(order: number, i: number): ModelAttempt {
    return this.orders[order]!.attempts[i]!;
  }
}
