import { Injectable } from '@nestjs/common';
import { AttemptStore } from '../attempts/attempt-store.js';
import { Clock } from '../attempts/clock.js';
import { EvidenceService } from '../attempts/evidence.service.js';
import { dateRule } from './rules/date.rule.js';
import { StkInvalidInputError } from './stk.errors.js';

/** How long bodies of callbacks are kept unless `purge()` is told otherwise: 30 days, in ms. */
export const BODY_RETENTION_MS = 30 * 24 * 3_600_000;

const BATCH = 200;
const NOTE = { by: 'nestjs-mpesa', reason: 'The time to keep personal data is over.' };

/**
 * How old what is purged has to be.
 * @publicApi
 */
export interface StkPurgeInput {
  /** Personal data of attempts that were created before goes. */
  olderThan: Date;
  /**
   * Bodies of callbacks that came before go, those in quarantine included; at the latest with their
   * attempt.
   * @default 30 days ago
   */
  bodiesOlderThan?: Date;
}

/**
 * What a purge has taken away.
 * @publicApi
 */
export interface StkPurgeResult {
  /** Attempts whose personal data went. */
  attempts: number;
  /** Bodies of callbacks that went by their own age. */
  bodies: number;
}

/** Takes away what is old, batch by batch: ended half-way it goes on where it was. */
@Injectable()
export class PersonalDataPurge {
  constructor(
    private readonly store: AttemptStore,
    private readonly evidence: EvidenceService,
    private readonly clock: Clock,
  ) {}

  /** @throws StkInvalidInputError a time is none */
  async purge({ olderThan, bodiesOlderThan }: StkPurgeInput): Promise<StkPurgeResult> {
    assertDates(bodiesOlderThan === undefined ? { olderThan } : { olderThan, bodiesOlderThan });
    const receivedBefore = bodiesOlderThan ?? new Date(this.clock.now() - BODY_RETENTION_MS);
    const attempts = await untilNone(() => this.eraseBatch(olderThan));
    const bodies = await untilNone(() => this.store.forgetBodies({ receivedBefore, limit: BATCH }));
    return { attempts, bodies };
  }

  private async eraseBatch(createdBefore: Date): Promise<number> {
    let erased = 0;
    for (const { id } of await this.store.erasable({ createdBefore, limit: BATCH })) {
      if (await this.evidence.erase(id, NOTE)) erased += 1;
    }
    return erased;
  }
}

function assertDates(dates: Record<string, Date>): void {
  const errors = Object.entries(dates).flatMap(([field, value]) => {
    const message = dateRule(value);
    return message === null ? [] : [{ field, message }];
  });
  if (errors.length > 0) throw new StkInvalidInputError(errors);
}

/** How much all batches came to. */
async function untilNone(batch: () => Promise<number>): Promise<number> {
  for (let sum = 0; ;) {
    const done = await batch();
    if (done === 0) return sum;
    sum += done;
  }
}
