import { Injectable } from '@nestjs/common';
import type { StkHistoryEntry } from '../attempts/attempt-history.js';
import type { AttemptRecord } from '../attempts/attempt-record.js';
import {
  AttemptStore,
  type AttemptPage,
  type DeadDelivery,
  type StoredCallback,
  type StoredQuarantine,
} from '../attempts/attempt-store.js';
import { EvidenceService } from '../attempts/evidence.service.js';
import type { Evidence } from '../attempts/evidence.js';
import { openFlags, type StkReviewFlag } from '../attempts/review-flag.js';
import { toStkAttempt, type StkAttempt } from '../attempts/stk-attempt.js';
import { type StkCallbackReceipt, StkCallbackService } from '../callback/stk-callback.service.js';
import { noSuchAttempt } from '../stk/no-such-attempt.js';
import { StkInvalidInputError } from '../stk/stk.errors.js';
import { withoutSecrets } from '../redaction/clean-text.js';
import { normalizeMsisdn } from '../stk/normalize-msisdn.js';
import { StkService } from '../stk/stk.service.js';
import { StkErasureError } from './stk-erasure.error.js';
import {
  checkNote,
  checkResolution,
  type StkOperatorNote,
  type StkResolution,
} from './stk-resolution.js';
import { StkResolutionError } from './stk-resolution.error.js';

const PAGE = 50;

/**
 * An attempt that a person should look at, with all that is known of it.
 * @publicApi
 */
export interface StkReview {
  /** As it is now. */
  attempt: StkAttempt;
  /** What is odd about it and nobody has dealt with yet. */
  flags: readonly StkReviewFlag[];
  /** All that was learned of it, in order. */
  history: StkHistoryEntry[];
  /** As they came: with personal data in them. */
  callbacks: StoredCallback[];
}

/**
 * All that is kept of one phone, in clear: for the person whose it is, and for nobody's log.
 * @publicApi
 */
export interface StkPersonalData {
  /** `254` and nine digits, whole. */
  phoneNumber: string;
  /** Every attempt of this phone, oldest first. */
  attempts: {
    /** Nothing in it is masked. */
    attempt: StkAttempt;
    /** All that was learned of it, in order. */
    history: StkHistoryEntry[];
    /** As they came. */
    callbacks: StoredCallback[];
  }[];
}

/**
 * For the people who run the shop: what is there, how it came to be, what they decide, and what to try
 * again. Has no HTTP route; call it from where your own authorisation is.
 * @publicApi
 */
@Injectable()
export class StkAdminService {
  constructor(
    private readonly store: AttemptStore,
    private readonly evidence: EvidenceService,
    private readonly stk: StkService,
    private readonly callbackService: StkCallbackService,
  ) {}

  /**
   * A page of attempts, newest first; 50 unless `limit` says otherwise. The next page comes `after` the
   * last attempt of this one.
   */
  async list(page: Partial<AttemptPage> = {}): Promise<StkAttempt[]> {
    return (await this.store.list({ limit: PAGE, ...page })).map(toStkAttempt);
  }

  /** All that was learned of an attempt, in order, and what it made of it. */
  history(attemptId: string): Promise<StkHistoryEntry[]> {
    return this.store.history(attemptId);
  }

  /** The callbacks that came for an attempt, as they came: with personal data in them. */
  callbacks(attemptId: string): Promise<StoredCallback[]> {
    return this.store.callbacks(attemptId);
  }

  /**
   * A page of the attempts that need a person, newest first, each with its evidence; 50 unless `limit`
   * says otherwise.
   */
  async reviews(page: Partial<Pick<AttemptPage, 'after' | 'limit'>> = {}): Promise<StkReview[]> {
    const records = await this.store.list({ limit: PAGE, ...page, needsReview: true });
    return Promise.all(records.map((record) => this.reviewOf(record)));
  }

  /**
   * Asks Daraja about an attempt now, and settles it by the answer.
   *
   * @throws what `StkService.reconcile()` throws
   */
  requery(attemptId: string): Promise<StkAttempt> {
    return this.stk.reconcile(attemptId);
  }

  /**
   * Settles an attempt by what a person found out elsewhere: to any status above the one that it has,
   * `completed` above all. Frees an order that was held for that person, tells the handlers, and takes the
   * attempt off the list of reviews. Of a completed attempt that has no receipt yet, `completed` adds it.
   *
   * @throws StkInvalidInputError one entry a field, or no attempt has this id
   * @throws StkResolutionError the attempt stands higher, or another attempt has the receipt
   */
  async resolve(attemptId: string, resolution: StkResolution): Promise<StkAttempt> {
    const decision = checkResolution(resolution);
    const before = await this.existing(attemptId);
    await this.checkReceipt(before, decision.receipt);
    const after = await this.apply(attemptId, decision);
    if (after.status === decision.to) return after;
    throw new StkResolutionError(
      `The attempt is ${after.status}, and a status never falls: it cannot become ${decision.to}. ` +
        'If it is right as it stands, end its review with endReview().',
      after,
    );
  }

  /**
   * Takes an attempt off the list of reviews, its status left as it is. What comes up later puts it back
   * there.
   *
   * @param flags those that have been dealt with; all of them where left out
   * @throws StkInvalidInputError one entry a field, or no attempt has this id
   */
  async endReview(
    attemptId: string,
    { flags, ...note }: StkOperatorNote & { flags?: readonly StkReviewFlag[] },
  ): Promise<StkAttempt> {
    const { by, reason } = checkNote(note);
    const { review } = await this.existing(attemptId);
    return this.apply(attemptId, { kind: 'review-ended', flags: flags ?? review, by, reason });
  }

  /**
   * Callbacks that belonged to nobody, or that could not be read, as they came: with personal data in them.
   * A page of them, newest first; 50 unless `limit` says otherwise.
   */
  quarantined(page: { limit?: number; after?: string } = {}): Promise<StoredQuarantine[]> {
    return this.store.listQuarantined({ limit: PAGE, ...page });
  }

  /**
   * Takes a callback from quarantine in once more, as when it had come now: its token, its ids, its amount and
   * its receipt are checked, whoever wants it. For what was kept out by an address, or was not understood.
   *
   * @throws StkInvalidInputError it is not there, or no attempt has its token
   * @throws StkCallbackError it still is no callback of Daraja's
   */
  async replay(quarantinedId: string, note: StkOperatorNote): Promise<StkCallbackReceipt> {
    const refuse = (message: string) =>
      new StkInvalidInputError([{ field: 'quarantinedId', message }]);
    const checked = checkNote(note);
    const kept = await this.store.findQuarantined(quarantinedId);
    if (!kept) throw refuse('must be the id of a callback in quarantine: none has this one');
    const receipt = await this.callbackService.replay(kept, checked);
    if (!receipt) {
      throw refuse('is of a callback whose token no attempt has: resolve the attempt instead');
    }
    await this.store.markReplayed(quarantinedId);
    return receipt;
  }

  /** Events that a handler failed on for good, oldest first; 50 unless `limit` says otherwise. */
  deadEvents(limit = PAGE): Promise<DeadDelivery[]> {
    return this.store.deadEvents(limit);
  }

  /** How many events are parked, by handler each: a figure to watch. */
  countDeadEvents(): Promise<number> {
    return this.store.countDeadEvents();
  }

  /**
   * For a handler that is gone for good, by its id (`Class.method` if you gave none): its events would
   * wait for ever. Drops what waits or is parked for it, and resolves with how many that were. Call it
   * when no process has the handler any more: one that still has it makes it known again within a
   * minute, as a new one.
   */
  forgetHandler(id: string): Promise<number> {
    return this.store.forgetHandler(id);
  }

  /** Gives a parked event to its handler again. Resolves with false where it is not parked. */
  redrive(delivery: { eventId: string; handler: string }): Promise<boolean> {
    return this.store.redrive(delivery);
  }

  /**
   * What is kept of one phone, oldest first, nothing masked: JSON for an answer to the person.
   *
   * @throws StkInvalidInputError the number is none
   */
  async exportPersonalData(phoneNumber: string): Promise<StkPersonalData> {
    const msisdn = normalizeMsisdn(phoneNumber);
    const attempts: StkPersonalData['attempts'] = [];
    for (const record of await this.store.findByPhone(msisdn)) {
      const { history, callbacks } = await this.reviewOf(record);
      // A copy: the view masks itself.
      attempts.push({ attempt: { ...toStkAttempt(record) }, history, callbacks });
    }
    return { phoneNumber: msisdn, attempts };
  }

  /**
   * Takes the personal data of one phone away, as `StkService.purge()` does, whatever its age. Who asked
   * for it and why stays in each attempt's history; numbers in `reason` do not. Resolves with how many
   * attempts that were.
   *
   * @throws StkErasureError some attempts have to wait; all others are erased
   * @throws StkInvalidInputError one entry a field
   */
  async erasePersonalData(phoneNumber: string, note: StkOperatorNote): Promise<number> {
    const msisdn = normalizeMsisdn(phoneNumber);
    const { by, reason } = checkNote(note);
    const waiting: string[] = [];
    let erased = 0;
    for (const { id } of await this.store.findByPhone(msisdn)) {
      if (await this.evidence.erase(id, { by, reason: withoutSecrets(reason) })) erased += 1;
      else waiting.push(id);
    }
    if (waiting.length > 0) throw new StkErasureError(waiting, erased);
    return erased;
  }

  private async reviewOf(record: AttemptRecord): Promise<StkReview> {
    const [history, callbacks] = await Promise.all([
      this.store.history(record.id),
      this.store.callbacks(record.id),
    ]);
    return { attempt: toStkAttempt(record), flags: openFlags(record), history, callbacks };
  }

  private async checkReceipt({ id }: AttemptRecord, receipt: string | null): Promise<void> {
    const owner = receipt === null ? null : await this.store.findByReceipt(receipt);
    if (owner === null || owner.id === id) return;
    throw new StkResolutionError(
      'Another attempt was paid with this receipt, and one receipt is one payment: look at that attempt, and at the statement again.',
      toStkAttempt(owner),
    );
  }

  private async existing(attemptId: string): Promise<AttemptRecord> {
    const record = await this.store.find(attemptId);
    if (!record) throw noSuchAttempt();
    return record;
  }

  private async apply(attemptId: string, evidence: Evidence): Promise<StkAttempt> {
    const settlement = await this.evidence.apply(attemptId, evidence);
    if (!settlement) throw noSuchAttempt();
    return toStkAttempt(settlement.attempt);
  }
}
