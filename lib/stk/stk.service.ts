import { Injectable, Logger } from '@nestjs/common';
import type { Observable } from 'rxjs';
import type { AttemptRecord } from '../attempts/attempt-record.js';
import { AttemptStore, type Opening } from '../attempts/attempt-store.js';
import { Clock } from '../attempts/clock.js';
import { EvidenceService } from '../attempts/evidence.service.js';
import { toStkAttempt, type StkAttempt } from '../attempts/stk-attempt.js';
import { InjectMpesaOptions } from '../mpesa.module-definition.js';
import type { ResolvedMpesaOptions } from '../mpesa-resolved-options.js';
import { AttemptWatcher, type StkWaitOptions } from './attempt-watcher.js';
import { newAttempt } from './new-attempt.js';
import { noSuchAttempt } from './no-such-attempt.js';
import { PushSender } from './push-sender.js';
import type { StkPushInput } from './stk-push-input.js';
import { StkQuery, type StkQueryResult } from './stk-query.js';
import {
  StkIdempotencyError,
  StkOrderBusyError,
  StkOrderPaidError,
  StkStoreUnavailableError,
} from './stk.errors.js';
import { validateStkPushInput } from './validate-stk-push-input.js';

/**
 * Asks customers' phones for payments, and tells what became of it.
 * @publicApi
 */
@Injectable()
export class StkService {
  private readonly logger = new Logger(StkService.name);

  constructor(
    @InjectMpesaOptions() private readonly options: ResolvedMpesaOptions,
    private readonly store: AttemptStore,
    private readonly sender: PushSender,
    private readonly stkQuery: StkQuery,
    private readonly evidence: EvidenceService,
    private readonly watcher: AttemptWatcher,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores the attempt, then asks Daraja to prompt the phone. Resolves with the attempt as it then is:
   * `pending` as a rule; `uncertain` where Daraja's answer was lost, and a prompt may be out; further
   * where a callback was faster. Never proof of payment: that is `StkCompleted`.
   *
   * With an `idempotencyKey` that was used before for the same input it resolves with that attempt,
   * whatever became of it, and sends nothing.
   *
   * @throws StkInvalidInputError one entry a field; nothing stored
   * @throws StkOrderBusyError another attempt has a live prompt for the order
   * @throws StkOrderPaidError another attempt paid the order
   * @throws StkIdempotencyError the key was used before with another input
   * @throws StkRejectedError Daraja definitely refused
   * @throws DarajaAuthError Daraja refused the credentials, or twice the token
   * @throws DarajaThrottledError Daraja refused for its rate limit
   * @throws DarajaUnavailableError it is proven that nothing was sent
   * @throws StkStoreUnavailableError the attempt could not be stored; nothing was sent
   */
  async push(input: StkPushInput): Promise<StkAttempt> {
    const { account } = this.options;
    const valid = validateStkPushInput(input, this.options);
    const opening = await this.open(newAttempt(valid, account, new Date(this.clock.now())));
    switch (opening.outcome) {
      case 'opened':
        return this.sender.send(opening.attempt, account);
      case 'replayed':
        return toStkAttempt(opening.attempt);
      case 'key-reused':
        throw new StkIdempotencyError(toStkAttempt(opening.attempt));
      case 'order-busy':
        throw new StkOrderBusyError(toStkAttempt(opening.attempt));
      case 'order-paid':
        throw new StkOrderPaidError(toStkAttempt(opening.attempt));
    }
  }

  /**
   * Asks Daraja what became of a prompt. Changes nothing: for that there is `reconcile()`. Sandbox
   * Daraja was seen to allow five queries a minute.
   *
   * @throws DarajaThrottledError Daraja answered that there were too many
   * @throws DarajaAuthError Daraja refused the credentials, or twice the token
   * @throws DarajaUnavailableError no answer came
   */
  async query(request: { checkoutRequestId: string }): Promise<StkQueryResult> {
    const { result } = await this.stkQuery.ask(this.options.account, request.checkoutRequestId);
    return result;
  }

  /**
   * Asks Daraja about an attempt now, and settles it by the answer. An attempt without a
   * CheckoutRequestID cannot be asked about, and is returned as it is.
   *
   * @throws StkInvalidInputError no attempt has this id
   * @throws DarajaThrottledError Daraja answered that there were too many queries
   * @throws DarajaAuthError Daraja refused the credentials, or twice the token
   * @throws DarajaUnavailableError no answer came
   */
  async reconcile(attemptId: string): Promise<StkAttempt> {
    const attempt = await this.store.find(attemptId);
    if (!attempt) throw noSuchAttempt();
    if (!attempt.checkoutRequestId) return toStkAttempt(attempt);
    const { evidence } = await this.stkQuery.ask(this.options.account, attempt.checkoutRequestId);
    const settlement = await this.evidence.apply(attemptId, evidence);
    return toStkAttempt(settlement?.attempt ?? attempt);
  }

  /** The attempt with this id, or null. */
  async find(id: string): Promise<StkAttempt | null> {
    return toView(await this.store.find(id));
  }

  /** The attempt that Daraja knows by this id, or null. */
  async findByCheckoutRequestId(checkoutRequestId: string): Promise<StkAttempt | null> {
    return toView(await this.store.findByCheckoutRequestId(checkoutRequestId));
  }

  /** Every attempt of an order, oldest first. */
  async findByOrder(orderId: string): Promise<StkAttempt[]> {
    return (await this.store.findByOrder(orderId)).map(toStkAttempt);
  }

  /** The attempt that was paid with this M-Pesa receipt, or null. */
  async findByReceipt(receipt: string): Promise<StkAttempt | null> {
    return toView(await this.store.findByReceipt(receipt));
  }

  /**
   * Resolves when the attempt is completed, failed, rejected or expired, on whichever instance.
   *
   * @throws StkWaitTimeoutError it was none of these in time; the attempt goes on
   * @throws StkInvalidInputError no attempt has this id
   */
  waitFor(attemptId: string, options?: StkWaitOptions): Promise<StkAttempt> {
    return this.watcher.waitFor(attemptId, options);
  }

  /**
   * The attempt as it is, then as often as it changes: for `@Sse()`. Does not complete by itself, as
   * an attempt that failed can still turn out to be paid. Fails with `StkInvalidInputError` where no
   * attempt has this id.
   */
  watch(attemptId: string): Observable<StkAttempt> {
    return this.watcher.watch(attemptId);
  }

  private async open(attempt: AttemptRecord): Promise<Opening> {
    try {
      return await this.store.open(attempt);
    } catch (error) {
      const kind = error instanceof Error ? error.name : typeof error;
      this.logger.error(`The store did not take a new attempt: ${kind}`);
      throw new StkStoreUnavailableError();
    }
  }
}

const toView = (record: AttemptRecord | null): StkAttempt | null => record && toStkAttempt(record);
