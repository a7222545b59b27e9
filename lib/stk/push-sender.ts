import { Injectable, Logger } from '@nestjs/common';
import type { AttemptRecord } from '../attempts/attempt-record.js';
import { AttemptStore } from '../attempts/attempt-store.js';
import {
  callbackUrlWithToken,
  drawCallbackToken,
  hashCallbackToken,
} from '../attempts/callback-token.js';
import { Clock } from '../attempts/clock.js';
import type { Evidence } from '../attempts/evidence.js';
import { EvidenceService } from '../attempts/evidence.service.js';
import { toStkAttempt, type StkAttempt } from '../attempts/stk-attempt.js';
import { AccessTokens } from '../daraja/access-tokens.js';
import type { DarajaAccount } from '../daraja/daraja-account.js';
import type { PushAnswer } from '../daraja/daraja-answer.js';
import { DarajaClient } from '../daraja/daraja-client.js';
import { MpesaError } from '../mpesa.error.js';
import { errorOfAnswer, evidenceOfAnswer } from './push-outcome.js';
import { openSendWindow } from './send-window.js';
import { StkOrderPaidError, StkStoreUnavailableError } from './stk.errors.js';

/** Sends after the first one that proof of not-sent allows. */
const RESENDS_NOT_SENT = 2;

/** When a claimed push is looked at, should this process die: well after every time-out, in ms. */
const SWEEP_AFTER_MS = 60_000;

/** Sends the push of a stored attempt, at most once that could have reached Daraja. */
@Injectable()
export class PushSender {
  private readonly logger = new Logger(PushSender.name);

  constructor(
    private readonly store: AttemptStore,
    private readonly evidence: EvidenceService,
    private readonly tokens: AccessTokens,
    private readonly daraja: DarajaClient,
    private readonly clock: Clock,
  ) {}

  async send(attempt: AttemptRecord, account: DarajaAccount): Promise<StkAttempt> {
    let token = await this.accessToken(attempt, account);
    let current = attempt;
    let tokenRenewed = false;
    let notSent = 0;
    for (;;) {
      const claim = await this.claim(current);
      if (!claim.claimed) return toStkAttempt(claim.attempt);
      current = claim.attempt;
      const answer = await this.push(current, account, token, claim.callbackToken);
      if (answer.outcome === 'unauthorised' && !tokenRenewed) {
        tokenRenewed = true;
        await this.tokens.invalidate(account, token);
        token = await this.accessToken(current, account);
      } else if (answer.outcome === 'not-sent' && notSent < RESENDS_NOT_SENT) {
        notSent += 1;
      } else {
        return this.settle(current, answer);
      }
    }
  }

  /** No token, no push: the attempt ends here, provably not sent. */
  private async accessToken(attempt: AttemptRecord, account: DarajaAccount): Promise<string> {
    try {
      return await this.tokens.get(account);
    } catch (error) {
      if (!MpesaError.is(error)) throw error;
      const rejected = await this.apply(attempt, { kind: 'not-sent', cause: error.message });
      throw error.withAttempt(toStkAttempt(rejected));
    }
  }

  private async claim(attempt: AttemptRecord) {
    const callbackToken = drawCallbackToken();
    const nextCheckAt = new Date(this.clock.now() + SWEEP_AFTER_MS);
    const tokenHash = hashCallbackToken(callbackToken);
    const { id: attemptId, sends } = attempt;
    const claim = await this.store
      .claimSend({ attemptId, sends, tokenHash, nextCheckAt })
      .catch((error: unknown) => {
        this.logStoreError(attempt, error);
        throw new StkStoreUnavailableError(toStkAttempt(attempt));
      });
    if (claim.outcome === 'order-paid') {
      await this.apply(attempt, { kind: 'not-sent', cause: 'The order was paid meanwhile.' });
      throw new StkOrderPaidError(toStkAttempt(claim.attempt));
    }
    return { claimed: claim.outcome === 'claimed', attempt: claim.attempt, callbackToken };
  }

  private push(
    attempt: AttemptRecord,
    account: DarajaAccount,
    token: string,
    callbackToken: string,
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
      { mayStillSend: openSendWindow(this.clock) },
    );
  }

  private async settle(attempt: AttemptRecord, answer: PushAnswer): Promise<StkAttempt> {
    const settled = await this.apply(attempt, evidenceOfAnswer(answer));
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
      const settlement = await this.evidence.apply(attempt.id, evidence);
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
