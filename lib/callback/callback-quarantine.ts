import { Injectable, Logger } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { QuarantinedCallback } from '../attempts/attempt-store.js';
import { Clock } from '../attempts/clock.js';
import { EvidenceService } from '../attempts/evidence.service.js';

/** Why a callback counted for nothing. `contradiction`: its token was right and the rest was not. */
export type CallbackProblem = QuarantinedCallback['problem'] | 'contradiction';

/** What one process keeps and logs of one problem in a minute: forgeries must fill no disk. */
const A_MINUTE = 60;
const MINUTE_MS = 60_000;

/**
 * Where every callback ends that counts for nothing: counted always, kept and logged as far as the limit
 * goes. One problem's flood takes nothing from another's limit.
 */
@Injectable()
export class CallbackQuarantine {
  /** Of every callback that counted for nothing, as it happens. */
  readonly problems = new Subject<CallbackProblem>();
  private readonly logger = new Logger('StkCallbackService');
  private readonly kept = new Map<CallbackProblem, { since: number; count: number }>();

  constructor(
    private readonly evidence: EvidenceService,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves when it is kept, or when it is one too many to keep.
   * Rejects with the store's error.
   */
  async keep(callback: Omit<QuarantinedCallback, 'receivedAt'>): Promise<void> {
    const { problem, detail, sourceIp } = callback;
    this.problems.next(problem);
    if (!this.takes(problem)) return;
    await this.evidence.quarantine({ ...callback, receivedAt: new Date(this.clock.now()) });
    this.logger.warn(`Callback quarantined, from ${sourceIp ?? 'an unknown address'}: ${detail}`);
  }

  /** One that its attempt's history keeps. */
  noteContradiction(message: string): void {
    this.problems.next('contradiction');
    if (this.takes('contradiction')) this.logger.warn(message);
  }

  private takes(problem: CallbackProblem): boolean {
    const now = performance.now();
    const before = this.kept.get(problem);
    const minute = before && now - before.since <= MINUTE_MS ? before : { since: now, count: 0 };
    minute.count += 1;
    this.kept.set(problem, minute);
    if (minute.count === A_MINUTE + 1) {
      this.logger.warn(
        `More than ${A_MINUTE} callbacks quarantined in a minute (${problem}): the rest is counted, not kept`,
      );
    }
    return minute.count <= A_MINUTE;
  }
}
