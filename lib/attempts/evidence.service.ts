import { Injectable } from '@nestjs/common';
import { AttemptStore, type QuarantinedCallback, type Settlement } from './attempt-store.js';
import { decide } from './decide/decide.js';
import type { Decide } from './decision.js';
import type { CallbackReceived, Evidence } from './evidence.js';
import { EvidencePolicy } from './evidence-policy.js';

/** Has evidence decided by the application's policy, and committed by its store. */
@Injectable()
export class EvidenceService {
  private readonly decide: Decide;

  constructor(
    private readonly store: AttemptStore,
    policy: EvidencePolicy,
  ) {
    const { describeResultCode, confirmation, firstAfterMs, expireAfterMs, giveUpAfterMs } = policy;
    this.decide = (attempt, evidence, facts) =>
      decide(attempt, evidence, {
        ...facts,
        describeResultCode,
        confirmation,
        firstAfterMs,
        expireAfterMs,
        giveUpAfterMs,
      });
  }

  /** Resolves when it is committed; with null where there is no such attempt. */
  apply(attemptId: string, evidence: Evidence): Promise<Settlement | null> {
    return this.store.settle({ attemptId }, evidence, this.decide);
  }

  /** The token proves the sender and finds the attempt; null where it is nobody's. */
  applyCallback(tokenHash: string, received: CallbackReceived): Promise<Settlement | null> {
    return this.store.settle({ tokenHash }, received, this.decide);
  }

  quarantine(callback: QuarantinedCallback): Promise<void> {
    return this.store.quarantine(callback);
  }
}
