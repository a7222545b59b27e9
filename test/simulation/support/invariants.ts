import type { AttemptRecord } from '../../../lib/attempts/attempt-record.js';
import { isSettled, rises, type StkAttemptStatus } from '../../../lib/attempts/attempt-status.js';
import type { Prompt } from './simulated-daraja.js';
import type { World } from './world.js';

const COMPLETIONS = ['stk.completed', 'stk.completed-late', 'stk.duplicate-payment'];
const MIN_INTERVAL_MS = 12_000;
/** From the permit to Daraja, on the way of which there is a store and a network, in ms. */
const ON_THE_WAY_MS = 1_000;
const ENOUGH = 10;

/** What must hold after each step of a world, by what is true at Daraja's. */
export class Invariants {
  readonly broken: string[] = [];
  private readonly promptsOf = new Map<string, Prompt[]>();
  private readonly seen = new Map<string, StkAttemptStatus>();
  private readonly changed = new Set<string>();
  private arrivals = new Map<string, string>();

  constructor(private readonly world: World) {
    world.store.commits.subscribe((id) => this.changed.add(id));
  }

  note(what: string): void {
    if (this.broken.length < ENOUGH) this.broken.push(what);
  }

  /** A push is at Daraja's. */
  onArrival(token: string): void {
    const attempt = this.world.attemptOf(token);
    if (!attempt) {
      this.note('I1: a push of which no attempt is stored');
      return;
    }
    if (this.arrivals.has(attempt.id)) this.note(`I3, I4: attempt ${attempt.id} was sent twice`);
    this.arrivals.set(attempt.id, token);
    const live = [...this.world.attempts.all()].filter(
      ({ order, status }) => order === attempt.order && !isSettled(status),
    );
    if (live.length > 1) this.note(`I2: ${live.length} live attempts of ${attempt.order}`);
  }

  check(): void {
    for (const id of this.changed) {
      const attempt = this.world.attempts.get(id);
      if (attempt) this.checkOne(attempt);
    }
    this.changed.clear();
  }

  private checkOne(attempt: AttemptRecord): void {
    const { id, status, orderSlot, review, nextCheckAt, askAt } = attempt;
    const before = this.seen.get(id) ?? 'created';
    if (before !== status && !rises(before, status)) this.note(`I5: ${id} ${before} > ${status}`);
    this.seen.set(id, status);
    const [prompt] = this.prompts(id);
    if (status === 'completed' && (prompt?.resultCode ?? null) !== 0) {
      this.note(`I6: ${id} is completed, and nobody paid`);
    }
    if (status === 'failed' && (prompt?.resultCode ?? 0) === 0) {
      this.note(`I15: ${id} failed, which Daraja never said`);
    }
    if (status === 'rejected' && prompt) this.note(`I15: ${id} is rejected, and a phone rang`);
    if (!isSettled(status) && nextCheckAt === null && askAt === null) {
      this.note(`I14: ${id} is forgotten`);
    }
    if (isSettled(status) && orderSlot !== null && review.length === 0) {
      this.note(`I22: ${id} ${status} holds its order`);
    }
  }

  private prompts(attemptId: string): Prompt[] {
    const token = this.arrivals.get(attemptId);
    const known = this.promptsOf.get(attemptId);
    if (known && known.length > 0) return known;
    const found = this.world.daraja.prompts.filter((prompt) => prompt.token === token);
    this.promptsOf.set(attemptId, found);
    return found;
  }

  async checkAtRest(): Promise<void> {
    const { world } = this;
    const attempts = [...world.attempts.all()];
    await this.checkInbox();
    const told = new Map(world.handled.map((event) => [event.id, event]));
    for (const { event } of await world.store.deadEvents(1_000_000)) told.set(event.id, event);
    const completions = [...told.values()].filter(({ type }) => COMPLETIONS.includes(type));
    for (const { id, status, review, receipt } of attempts) {
      const mine = completions.filter(({ attemptId }) => attemptId === id);
      if (mine.length !== (status === 'completed' ? 1 : 0)) {
        this.note(`I8: ${id} is ${status}, and told ${mine.length} times that it is paid`);
      }
      if (status === 'completed' && receipt === 'UKOFORGED1') this.note(`I7: ${id} by a forgery`);
      const [prompt] = this.prompts(id);
      if (prompt && world.daraja.toldPaid.has(prompt)) {
        if (status !== 'completed') this.note(`I17: ${id} is ${status}, and its money was seen`);
      }
      if (!isSettled(status)) this.note(`I23: ${id} is still ${status}`);
      if (status === 'expired' && review.length === 0) this.note(`I23: ${id} expired, untold`);
    }
    const paidOrders = completions
      .filter(({ type }) => type !== 'stk.duplicate-payment')
      .map(({ orderId }) => orderId);
    this.noteRepeated('I9: paid twice', paidOrders);
    this.noteRepeated(
      'I16: one receipt for two',
      attempts.map(({ receipt }) => receipt),
    );
    await this.checkOutbox(told);
    this.checkBudget();
  }

  private async checkInbox(): Promise<void> {
    for (const { attemptId, body } of this.world.answered) {
      const kept = await this.world.store.callbacks(attemptId);
      if (!kept.some(({ raw }) => raw === body)) {
        this.note(`I12: a callback of ${attemptId} was answered with 200 and is not kept`);
      }
    }
  }

  private async checkOutbox(told: ReadonlyMap<string, unknown>): Promise<void> {
    for (const { id, status, order } of this.world.attempts.all()) {
      const history = await this.world.store.history(id);
      const wasPending = history.some(({ to, from }) => to === 'pending' && from !== 'pending');
      if (wasPending && !told.has(`${id}:stk.prompted`)) this.note(`I10: ${id} untold: prompted`);
      if (status === 'expired' && !told.has(`${id}:stk.expired`)) {
        const isPaidByAnother = [...this.world.attempts.all()].some(
          (other) => other.id !== id && other.order === order && other.status === 'completed',
        );
        if (!isPaidByAnother) this.note(`I10: ${id} untold: expired`);
      }
    }
  }

  private checkBudget(): void {
    const { queries } = this.world.daraja;
    queries.forEach(({ at }, i) => {
      const before = queries[i - 1];
      if (before && at - before.at < MIN_INTERVAL_MS - ON_THE_WAY_MS) {
        this.note(`I18: two queries within ${Math.round(at - before.at)} ms`);
      }
    });
  }

  private noteRepeated(what: string, words: readonly (string | null)[]): void {
    const seen = new Set<string>();
    for (const word of words) {
      if (word !== null && seen.has(word)) this.note(`${what}: ${word}`);
      if (word !== null) seen.add(word);
    }
  }
}
