import { Injectable, Logger } from '@nestjs/common';
import type { AttemptRecord } from '../attempts/attempt-record.js';
import { AttemptStore } from '../attempts/attempt-store.js';
import { callbackUrlWithToken } from '../attempts/callback-token.js';
import { Clock } from '../attempts/clock.js';
import type { Evidence } from '../attempts/evidence.js';
import { EvidenceService } from '../attempts/evidence.service.js';
import { failpoint } from '../attempts/failpoint.js';
import { toStkAttempt, type StkAttempt } from '../attempts/stk-attempt.js';
import { AccountTokens, type AccountToken } from '../daraja/account-tokens.js';
import type { DarajaAccount } from '../daraja/daraja-account.js';
import type { PushAnswer } from '../daraja/daraja-answer.js';
import { DarajaClient } from '../daraja/daraja-client.js';
import { DarajaUnavailableError } from '../daraja/daraja.errors.js';
import { MpesaAccountError } from '../mpesa-account.errors.js';
import { MpesaError } from '../mpesa.error.js';
import { InjectMpesaOptions } from '../mpesa.module-definition.js';
import type { ResolvedMpesaOptions } from '../mpesa-resolved-options.js';
import { freshClaim, type FreshClaim } from './fresh-claim.js';
import { SEND_WITHIN_MS } from './new-attempt.js';
import { errorOfAnswer, evidenceOfAnswer, resultOfAnother } from './push-outcome.js';
import { StkOrderPaidError, StkStoreUnavailableError } from './stk.errors.js';

/** Sends after the first one that proof of not-sent allows. */
const RESENDS_NOT_SENT = 2;

/** A token, and the claim that an attempt is opened with. */
export interface SendAtOnce {
  signedIn: AccountToken;
  claim: FreshClaim;
}

export interface SendOptions {
  /** Heeded until the first send is claimed: then it is too late. */
  signal?: AbortSignal | undefined;
  /** Where the attempt was opened with the claim of its first send. */
  atOnce?: SendAtOnce | null;
}

/** Sends the push of a stored attempt, at most once that could have reached Daraja. */
@Injectable()
export class PushSender {
  private readonly logger = new Logger(PushSender.name);

  constructor(
    private readonly store: AttemptStore,
    private readonly evidence: EvidenceService,
    private readonly tokens: AccountTokens,
    private readonly daraja: DarajaClient,
    private readonly clock: Clock,
    @InjectMpesaOptions() private readonly options: ResolvedMpesaOptions,
  ) {}

  /**
   * What the attempt may be opened with, so that it is claimed by the same commit. Null where Daraja has to
   * be asked for a token first: what has no token is not claimed.
   */
  async atOnce(account: DarajaAccount): Promise<SendAtOnce | null> {
    const signedIn = await this.tokens.atHand(account);
    return signedIn && { signedIn, claim: this.freshClaim() };
  }

  async send(
    attempt: AttemptRecord,
    account: DarajaAccount,
    { signal, atOnce }: SendOptions = {},
  ): Promise<StkAttempt> {
    const first = () => this.tokens.get(account, { signal });
    let signedIn = atOnce?.signedIn ?? (await this.signIn(attempt, first, signal));
    let opened = atOnce?.claim;
    let current = attempt;
    let tokenRenewed = false;
    let notSent = 0;
    let answer: PushAnswer | undefined;
    for (;;) {
      await this.assertNotOpen(current, signedIn.account);
      const claim = opened
        ? { claimed: true, attempt: current, ...opened }
        : await this.claim(current);
      opened = undefined;
      if (!claim.claimed) return this.withoutClaim(claim.attempt, answer);
      current = claim.attempt;
      await failpoint('push.claimed');
      answer = await this.push(current, signedIn, claim);
      await failpoint('push.answered');
      if (answer.outcome === 'unauthorised' && !tokenRenewed) {
        tokenRenewed = true;
        const refused = signedIn;
        signedIn = await this.signIn(current, () => this.tokens.replace(refused));
      } else if (answer.outcome === 'not-sent' && notSent < RESENDS_NOT_SENT) {
        notSent += 1;
      } else {
        if (answer.outcome === 'misconfigured') this.tokens.outdate(signedIn.account);
        return this.settle(current, answer);
      }
    }
  }

  /** Somebody else has it, or it has become too old to be sent. */
  private async withoutClaim(attempt: AttemptRecord, answer?: PushAnswer): Promise<StkAttempt> {
    if (answer) return this.settle(attempt, answer);
    if (attempt.status !== 'created') return resultOfAnother(attempt);
    const { version } = attempt;
    return resultOfAnother(await this.apply(attempt, { kind: 'left-behind', version }));
  }

  /** No token, no push: the attempt ends here, provably not sent. */
  private async signIn(
    attempt: AttemptRecord,
    token: () => Promise<AccountToken>,
    signal?: AbortSignal,
  ): Promise<AccountToken> {
    try {
      const signedIn = await token();
      signal?.throwIfAborted();
      assertSameType(signedIn.account, attempt);
      return signedIn;
    } catch (error) {
      if (signal?.aborted) {
        const { sends } = attempt;
        await this.apply(attempt, { kind: 'not-sent', cause: 'The caller called it off.', sends });
        throw signal.reason;
      }
      if (!MpesaError.is(error)) throw error;
      throw await this.notSent(attempt, error);
    }
  }

  /** Nor is it sent where it would most likely be lost: nobody could say whether a prompt is out. */
  private async assertNotOpen(attempt: AttemptRecord, account: DarajaAccount): Promise<void> {
    const failure = this.daraja.whyNotPush(account);
    if (!failure) return;
    const error = new DarajaUnavailableError(failure, { outcome: 'not-sent' });
    throw await this.notSent(attempt, error);
  }

  private async notSent(attempt: AttemptRecord, error: MpesaError): Promise<MpesaError> {
    const { sends } = attempt;
    const cause = error.message;
    const rejected = await this.apply(attempt, { kind: 'not-sent', cause, sends });
    return error.withAttempt(toStkAttempt(rejected));
  }

  private async claim(attempt: AttemptRecord) {
    const fresh = this.freshClaim();
    const { tokenHash, checkAfterMs } = fresh;
    const { id: attemptId, sends } = attempt;
    const claim = await this.store
      .claimSend(
        { attemptId, sends, tokenHash, sendWithinMs: SEND_WITHIN_MS, checkAfterMs },
        attempt,
      )
      .catch((error: unknown) => {
        this.logStoreError(attempt, error);
        throw new StkStoreUnavailableError(toStkAttempt(attempt));
      });
    if (claim.outcome === 'order-paid') {
      await this.apply(attempt, {
        kind: 'not-sent',
        cause: 'The order was paid meanwhile.',
        sends,
      });
      throw new StkOrderPaidError(toStkAttempt(claim.attempt));
    }
    const claimed = claim.outcome === 'claimed';
    return { claimed, attempt: claim.attempt, ...fresh };
  }

  private freshClaim(): FreshClaim {
    return freshClaim(this.clock, this.options.http);
  }

  private push(
    attempt: AttemptRecord,
    { account, token }: AccountToken,
    { callbackToken, mayStillSend }: FreshClaim,
  ): Promise<PushAnswer> {
    const { phoneNumber, amount, accountReference, transactionDesc, transactionType } = attempt;
    const callbackUrl = callbackUrlWithToken(
      attempt.callbackUrl ?? account.callbackUrl,
      callbackToken,
    );
    return this.daraja.push(
      account,
      token,
      { phoneNumber, amount, accountReference, transactionDesc, transactionType, callbackUrl },
      { mayStillSend },
    );
  }

  private async settle(attempt: AttemptRecord, answer: PushAnswer): Promise<StkAttempt> {
    const settled = await this.apply(attempt, evidenceOfAnswer(answer, attempt.sends));
    const view = toStkAttempt(settled);
    const error = errorOfAnswer(answer, view);
    // A callback may have been faster than a refusal: what it says stands.
    if (error && settled.status === 'rejected') throw error;
    return view;
  }

  /**
   * Once something may have been sent, the caller is never told that it was not: with the store away
   * the attempt stays as it was claimed, and the sweep finds it.
   */
  private async apply(attempt: AttemptRecord, evidence: Evidence): Promise<AttemptRecord> {
    try {
      const settlement = await this.evidence.apply(attempt.id, evidence, attempt);
      return settlement?.attempt ?? attempt;
    } catch (error) {
      this.logStoreError(attempt, error);
      return attempt;
    }
  }

  private logStoreError(attempt: AttemptRecord, error: unknown): void {
    const kind = error instanceof Error ? error.name : typeof error;
    this.logger.error(`The store did not take what became of attempt ${attempt.id}: ${kind}`);
  }
}

/** An account that was changed since the attempt was checked against it. */
function assertSameType(
  { name, transactionType }: DarajaAccount,
  attempt: Pick<AttemptRecord, 'transactionType'>,
): void {
  if (transactionType === attempt.transactionType) return;
  throw new MpesaAccountError(name, [
    { path: 'transactionType', message: `is no longer ${attempt.transactionType}` },
  ]);
}
