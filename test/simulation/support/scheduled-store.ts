import type fc from 'fast-check';
import type { Clock } from '../../../lib/attempts/clock.js';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';

/** Transactions of a database that serves its clients in an order of its own. */
export class ScheduledStore extends InMemoryAttemptStore {
  constructor(
    clock: Clock,
    private readonly scheduler: fc.Scheduler,
  ) {
    super(clock);
  }

  override open(...given: Parameters<InMemoryAttemptStore['open']>) {
    return this.inTurn('open', () => super.open(...given));
  }

  override claimSend(...given: Parameters<InMemoryAttemptStore['claimSend']>) {
    return this.inTurn('claimSend', () => super.claimSend(...given));
  }

  override settle(...given: Parameters<InMemoryAttemptStore['settle']>) {
    return this.inTurn(`settle ${given[1].kind}`, () => super.settle(...given));
  }

  override claimDue(...given: Parameters<InMemoryAttemptStore['claimDue']>) {
    return this.inTurn('claimDue', () => super.claimDue(...given));
  }

  override claimEvents(...given: Parameters<InMemoryAttemptStore['claimEvents']>) {
    return this.inTurn('claimEvents', () => super.claimEvents(...given));
  }

  override acknowledge(...given: Parameters<InMemoryAttemptStore['acknowledge']>) {
    return this.inTurn('acknowledge', () => super.acknowledge(...given));
  }

  /** Asked for now, done when it is its turn, and heard of at another. */
  private async inTurn<T>(name: string, transaction: () => Promise<T>): Promise<T> {
    await this.scheduler.schedule(Promise.resolve(), name);
    const result = await transaction();
    await this.scheduler.schedule(Promise.resolve(), `${name} answered`);
    return result;
  }
}
