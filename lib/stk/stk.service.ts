import { Injectable } from '@nestjs/common';
import type { Observable } from 'rxjs';
import type { AttemptRecord } from '../attempts/attempt-record.js';
import { AttemptStore } from '../attempts/attempt-store.js';
import { EvidenceService } from '../attempts/evidence.service.js';
import { failpoint } from '../attempts/failpoint.js';
import { isErased } from '../attempts/personal-data.js';
import { toStkAttempt, type StkAttempt } from '../attempts/stk-attempt.js';
import type { StkTransaction } from '../attempts/stk-transaction.js';
import { MpesaTelemetry } from '../telemetry/mpesa-telemetry.js';
import { AttemptOpener } from './attempt-opener.js';
import { AttemptWatcher, type StkWaitOptions } from './attempt-watcher.js';
import { checkoutRequestIdRule } from './rules/checkout-request-id.rule.js';
import { noSuchAttempt } from './no-such-attempt.js';
import { resultOfAnother } from './push-outcome.js';
import {
  PersonalDataPurge,
  type StkPurgeInput,
  type StkPurgeResult,
} from './personal-data-purge.js';
import { PushSender } from './push-sender.js';
import { PushesUnderWay } from './pushes-under-way.js';
import type { StkPushInput } from './stk-push-input.js';
import { noSuchAccount, StkAccounts } from './stk-accounts.js';
import { StkQuery, type StkQueryResult } from './stk-query.js';
import { StkInvalidInputError } from './stk.errors.js';

/**
 * What a call to Daraja takes besides its input.
 * @publicApi
 */
export interface StkCallOptions {
  /** Calls it off; the call then throws the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Asks customers' phones for payments, and tells what became of it.
 * @publicApi
 */
@Injectable()
export class StkService {
  constructor(
    private readonly store: AttemptStore,
    private readonly accounts: StkAccounts,
    private readonly opener: AttemptOpener,
    private readonly sender: PushSender,
    private readonly underWay: PushesUnderWay,
    private readonly stkQuery: StkQuery,
    private readonly evidence: EvidenceService,
    private readonly watcher: AttemptWatcher,
    private readonly personalData: PersonalDataPurge,
    private readonly telemetry: MpesaTelemetry,
  ) {}

  /**
   * Stores the attempt, then asks Daraja to prompt the phone. Resolves with the attempt as it then is:
   * `pending` as a rule; `uncertain` where Daraja's answer was lost, and a prompt may be out; further
   * where a callback was faster. Never proof of payment: that is `StkCompleted`.
   *
   * With an `idempotencyKey` that was used before for the same input it resolves with that attempt,
   * whatever became of it, and sends nothing.
   *
   * An abort counts until the send is claimed: then the attempt is rejected as not sent. Once something
   * may have been sent, nothing takes it back.
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
   * @throws MpesaAccountError the account's resolver gave one that cannot be used; nothing stored
   * @throws MpesaAccountUnavailableError the account's resolver failed; nothing stored
   * @throws the signal's reason where it was aborted in time; nothing was sent
   */
  async push(input: StkPushInput, { signal }: StkCallOptions = {}): Promise<StkAttempt> {
    signal?.throwIfAborted();
    const push = this.telemetry.span({ name: 'stk.push', kind: 'internal' }, async (note) => {
      const checked = await this.opener.check(input);
      const { account } = checked;
      const atOnce = await this.sender.atOnce(account);
      signal?.throwIfAborted();
      const { attempt, isNew } = await this.opener.open(checked, { claim: atOnce?.claim });
      note({ 'mpesa.attempt.id': attempt.id });
      if (!isNew) return toStkAttempt(attempt);
      await failpoint('push.opened');
      const sent = await this.sender.send(attempt, account, { signal, atOnce });
      note({ 'mpesa.status': sent.status });
      return sent;
    });
    return this.underWay.keep(push);
  }

  /**
   * The first half of `push()`: stores the attempt in your own transaction, so that order and attempt
   * come into being together or not at all. Then, after your commit, call `send()`: what is not sent
   * within 30 s is rejected as not sent, and never prompted late.
   *
   * @throws StkInvalidInputError, StkOrderBusyError, StkOrderPaidError, StkIdempotencyError,
   * StkStoreUnavailableError, MpesaAccountError, MpesaAccountUnavailableError as `push()` does; your transaction stays usable
   * @throws StkTransactionError the persistence takes part in no transaction of yours
   */
  async prepare(
    input: StkPushInput,
    options: { manager?: StkTransaction } = {},
  ): Promise<StkAttempt> {
    return this.telemetry.span({ name: 'stk.prepare', kind: 'internal' }, async (note) => {
      const checked = await this.opener.check(input);
      const { attempt } = await this.opener.open(checked, { transaction: options.manager });
      note({ 'mpesa.attempt.id': attempt.id });
      return toStkAttempt(attempt);
    });
  }

  /**
   * The second half of `push()`, in whichever process: sends what was prepared. An attempt that was
   * sent before is returned as it is, and not sent again.
   *
   * @throws StkRejectedError, DarajaAuthError, DarajaThrottledError, DarajaUnavailableError,
   * StkOrderPaidError, StkStoreUnavailableError as `push()` does
   * @throws StkInvalidInputError no attempt has this id
   * @throws MpesaAccountError, MpesaAccountUnavailableError the attempt's account cannot be used now
   */
  async send(attemptId: string): Promise<StkAttempt> {
    const attempt = await this.store.find(attemptId);
    if (!attempt) throw noSuchAttempt();
    if (attempt.status !== 'created') return resultOfAnother(attempt);
    const send = this.going('stk.send', attempt, async () =>
      this.sender.send(attempt, await this.accounts.of(attempt)),
    );
    return this.underWay.keep(send);
  }

  /**
   * Asks Daraja what became of a prompt. Changes nothing: for that there is `reconcile()`. Sandbox
   * Daraja was seen to allow five queries a minute.
   *
   * @throws DarajaThrottledError Daraja answered that there were too many
   * @throws DarajaAuthError Daraja refused the credentials, or twice the token
   * @throws DarajaUnavailableError no answer came
   * @throws StkInvalidInputError no account has this name, or the id is masked or none: nothing was asked
   * @throws MpesaAccountError, MpesaAccountUnavailableError the account cannot be used now
   */
  async query(
    request: { checkoutRequestId: string; account?: string },
    { signal }: StkCallOptions = {},
  ): Promise<StkQueryResult> {
    const account = await this.accounts.named(request.account);
    if (!account) throw noSuchAccount();
    const { checkoutRequestId } = request;
    const problem = checkoutRequestIdRule(checkoutRequestId);
    if (problem !== null) {
      throw new StkInvalidInputError([{ field: 'checkoutRequestId', message: problem }]);
    }
    const { result } = await this.stkQuery.ask(account, checkoutRequestId, { signal });
    return result;
  }

  /**
   * Asks Daraja about an attempt now, and settles it by the answer. An attempt without a
   * CheckoutRequestID, or whose personal data was erased, cannot be asked about, and is returned as it is.
   *
   * @throws StkInvalidInputError no attempt has this id
   * @throws DarajaThrottledError Daraja answered that there were too many queries
   * @throws DarajaAuthError Daraja refused the credentials, or twice the token
   * @throws DarajaUnavailableError no answer came
   * @throws MpesaAccountError, MpesaAccountUnavailableError the attempt's account cannot be used now
   */
  async reconcile(attemptId: string, { signal }: StkCallOptions = {}): Promise<StkAttempt> {
    signal?.throwIfAborted();
    const attempt = await this.store.find(attemptId);
    if (!attempt) throw noSuchAttempt();
    const { checkoutRequestId } = attempt;
    if (!checkoutRequestId || isErased(attempt)) return toStkAttempt(attempt);
    return this.going('stk.reconcile', attempt, async () => {
      const account = await this.accounts.of(attempt);
      const { evidence } = await this.stkQuery.ask(account, checkoutRequestId, { signal });
      const settlement = await this.evidence.apply(attemptId, evidence);
      return toStkAttempt(settlement?.attempt ?? attempt);
    });
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

  /**
   * Takes personal data away and leaves what accounts need: order, reference, amount, times, receipt and
   * history. Gone are the number, the digits of it in the CheckoutRequestID, `metadata` (that of stored
   * events too), a `callbackUrl` of yours and the bodies of callbacks. An attempt that is live, that a
   * person has to look at, or whose handlers have not been told, is left for a later purge. Nothing is
   * purged by itself: call it daily, in one process or in several.
   *
   * @throws StkInvalidInputError a time is none
   */
  purge(input: StkPurgeInput): Promise<StkPurgeResult> {
    return this.personalData.purge(input);
  }

  /** Work that goes on with an attempt's trace. */
  private going<T>(
    name: string,
    { id, traceparent }: AttemptRecord,
    work: () => Promise<T>,
  ): Promise<T> {
    const attributes = { 'mpesa.attempt.id': id };
    return this.telemetry.span(
      { name, kind: 'internal', continues: traceparent, attributes },
      work,
    );
  }
}

const toView = (record: AttemptRecord | null): StkAttempt | null => record && toStkAttempt(record);
