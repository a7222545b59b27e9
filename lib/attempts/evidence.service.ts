import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { AttemptRecord } from './attempt-record.js';
import { rises } from './attempt-status.js';
import { AttemptStore, type QuarantinedCallback, type Settlement } from './attempt-store.js';
import { decide } from './decide/decide.js';
import type { Decide } from './decision.js';
import type { CallbackReceived, Evidence } from './evidence.js';
import { isErased, isFinal } from './personal-data.js';
import { EvidencePolicy } from './evidence-policy.js';
import { NudgeBudget } from './nudge-budget.js';

/** Has evidence decided by the application's policy, and committed by its store. */
@Injectable()
export class EvidenceService {
  /** Of every attempt whose status was raised by this process, after the commit. */
  readonly rises = new Subject<AttemptRecord>();
  private readonly decide: Decide;

  constructor(
    private readonly store: AttemptStore,
    policy: EvidencePolicy,
    private readonly nudges: NudgeBudget,
  ) {
    const { describeResultCode, confirmation, scheduledQueries } = policy;
    const { firstAfterMs, expireAfterMs, giveUpAfterMs } = policy;
    // Each by its name: properties that are added to a copy cost V8 much more.
    this.decide = (attempt, evidence, { now, settledBy, receiptOwner, checkoutRequestIdOwner }) =>
      decide(attempt, evidence, {
        now,
        settledBy,
        receiptOwner,
        checkoutRequestIdOwner,
        describeResultCode,
        confirmation,
        scheduledQueries,
        firstAfterMs,
        expireAfterMs,
        giveUpAfterMs,
      });
  }

  /**
   * Resolves when it is committed; with null where there is no such attempt.
   * @param known the attempt as the store gave it, where the caller has it at hand
   */
  apply(attemptId: string, evidence: Evidence, known?: AttemptRecord): Promise<Settlement | null> {
    return this.settle({ attemptId }, evidence, known);
  }

  /** The token proves the sender and finds the attempt; null where it is nobody's. */
  async applyCallback(tokenHash: string, received: CallbackReceived): Promise<Settlement | null> {
    const settlement = await this.settle({ tokenHash }, received);
    if (settlement?.callback === 'quarantined') await this.nudge(settlement.attempt);
    return settlement;
  }

  /**
   * Takes personal data away, the attempt's own last: what was begun and not ended is found again. False
   * where it has to wait: the attempt is live, or a handler has yet to be told of it.
   */
  async erase(attemptId: string, note: { reason: string; by: string }): Promise<boolean> {
    const before = await this.store.find(attemptId);
    if (!before || !isFinal(before) || !(await this.store.forgetPerson(attemptId))) return false;
    const settlement = await this.apply(attemptId, { kind: 'erased', ...note });
    return settlement !== null && isErased(settlement.attempt);
  }

  quarantine(callback: QuarantinedCallback): Promise<void> {
    return this.store.quarantine(callback);
  }

  private async settle(
    target: { attemptId: string } | { tokenHash: string },
    evidence: Evidence,
    known?: AttemptRecord,
  ): Promise<Settlement | null> {
    let before: AttemptRecord | undefined;
    const decide: Decide = (attempt, piece, facts) => {
      // That of the last try, where the transaction is repeated; other pieces were deferred.
      if (piece === evidence) before = attempt;
      return this.decide(attempt, piece, facts);
    };
    const settlement = await this.store.settle(target, evidence, decide, known);
    const after = settlement?.attempt;
    if (before && after && rises(before.status, after.status)) this.rises.next(after);
    return settlement;
  }

  /** The callback is committed; what fails here costs a query that comes in its own time anyway. */
  private async nudge({ id, account, nudged, askAt }: AttemptRecord): Promise<void> {
    if (nudged || askAt === null) return;
    try {
      if (await this.nudges.take(account)) await this.apply(id, { kind: 'nudge' });
    } catch {
      return;
    }
  }
}
