import { Injectable } from '@nestjs/common';
import { Clock } from '../attempts/clock.js';
import { AccountTokens } from './account-tokens.js';
import { CircuitBreakers, type DarajaEndpoint } from './circuit-breakers.js';
import { classifyPush } from './classify-push.js';
import { classifyQuery } from './classify-query.js';
import type { DarajaAccount } from './daraja-account.js';
import type { DarajaFailure, PushAnswer, QueryAnswer, StkPushRequest } from './daraja-answer.js';
import { DarajaHttp } from './daraja-http.js';
import type { HttpCall } from './daraja-http.js';
import type { HttpResult } from './http-result.js';
import { QueryBudget } from './query-budget.js';
import { stkPassword } from './stk-password.js';

export interface PushControl {
  /**
   * Asked at the moment at which the first byte could be written, and never answered from memory:
   * the process may have been stopped since the call. False ends the push as `not-sent` with the
   * cause `send-window-closed`. Must be quick and must not throw.
   */
  mayStillSend: () => boolean;
  /** Ends the call; once the request is out that makes its outcome `unknown`. */
  signal?: AbortSignal;
}

/** The two calls of M-Pesa Express, their answers classified. */
@Injectable()
export class DarajaClient {
  constructor(
    private readonly http: DarajaHttp,
    private readonly tokens: AccountTokens,
    private readonly clock: Clock,
    private readonly budget: QueryBudget,
    private readonly circuits: CircuitBreakers,
  ) {}

  /**
   * To be called before the push is claimed: whether most of the last pushes failed, so that it is better
   * not sent. Null where it may be; then `push()` must follow.
   */
  whyNotPush(account: DarajaAccount): DarajaFailure | null {
    return this.circuits.enter(account, 'push');
  }

  /**
   * Sends one push, once, whatever happens. Never rejects; only `not-sent` and the refusals promise
   * that no prompt went out.
   * @param token from `AccountTokens`; on `unauthorised` report it there
   */
  async push(
    account: DarajaAccount,
    token: string,
    request: StkPushRequest,
    { mayStillSend, signal }: PushControl,
  ): Promise<PushAnswer> {
    const body = {
      BusinessShortCode: account.shortCode,
      ...stkPassword(account, this.clock.now()),
      TransactionType: request.transactionType,
      Amount: request.amount,
      PartyA: request.phoneNumber,
      PartyB: account.partyB,
      PhoneNumber: request.phoneNumber,
      CallBackURL: request.callbackUrl,
      AccountReference: request.accountReference,
      TransactionDesc: request.transactionDesc,
    };
    const url = `${account.baseUrl}/mpesa/stkpush/v1/processrequest`;
    const result = await this.post('push', url, token, body, { mayStillSend, signal });
    this.circuits.record(account, 'push', result);
    const answer = classifyPush(result);
    if (answer.outcome === 'throttled') {
      await this.budget.throttled(account, answer.failure.retryAfterMs);
    }
    return answer;
  }

  /**
   * Asks what became of a push, and charges the budget for it. Repeated once with a fresh token where
   * Daraja refuses the first; otherwise never.
   * @throws DarajaAuthError, DarajaThrottledError, DarajaUnavailableError where there is no token
   * @throws the signal's reason when it is aborted
   */
  async query(
    account: DarajaAccount,
    checkoutRequestId: string,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<QueryAnswer> {
    const first = await this.tokens.get(account, { signal });
    const answer = await this.queryOnce(first.account, first.token, checkoutRequestId, signal);
    if (answer.outcome !== 'unauthorised') return answer;
    const fresh = await this.tokens.replace(first, { signal });
    return this.queryOnce(fresh.account, fresh.token, checkoutRequestId, signal);
  }

  /**
   * Makes one query, whatever Daraja makes of the token; the budget is charged from its end. None while
   * most queries fail: `not-sent`, with the cause `circuit-open`.
   * @throws the signal's reason when it is aborted
   */
  async queryOnce(
    account: DarajaAccount,
    token: string,
    checkoutRequestId: string,
    signal?: AbortSignal,
  ): Promise<QueryAnswer> {
    const body = {
      BusinessShortCode: account.shortCode,
      ...stkPassword(account, this.clock.now()),
      CheckoutRequestID: checkoutRequestId,
    };
    const url = `${account.baseUrl}/mpesa/stkpushquery/v1/query`;
    const failure = this.circuits.enter(account, 'query');
    if (failure) return { outcome: 'not-sent', failure, raw: null };
    const before = this.budget.charge(account);
    const result = await this.post('query', url, token, body, { signal });
    this.circuits.record(account, 'query', result);
    await before;
    // Once more: how long it was under way, and when Daraja saw it, nobody knows.
    await this.budget.charge(account);
    signal?.throwIfAborted();
    const answer = classifyQuery(result, checkoutRequestId);
    if (answer.outcome === 'throttled') {
      await this.budget.throttled(account, answer.failure.retryAfterMs);
    } else if (answer.outcome === 'answered' || answer.outcome === 'unanswered') {
      this.budget.accepted(account);
    }
    return answer;
  }

  private post(
    endpoint: DarajaEndpoint,
    url: string,
    token: string,
    body: Record<string, unknown>,
    control: Pick<HttpCall, 'mayStillSend' | 'signal'>,
  ): Promise<HttpResult> {
    return this.http.send({
      endpoint,
      method: 'POST',
      url,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      ...control,
    });
  }
}
