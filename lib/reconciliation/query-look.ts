import { Inject, Injectable, Logger } from '@nestjs/common';
import { AttemptStore } from '../attempts/attempt-store.js';
import type { AttemptRecord } from '../attempts/attempt-record.js';
import { EvidenceService } from '../attempts/evidence.service.js';
import { failpoint } from '../attempts/failpoint.js';
import { MPESA_RANDOM } from '../attempts/random.js';
import { AccountTokens, type AccountToken } from '../daraja/account-tokens.js';
import type { DarajaAccount } from '../daraja/daraja-account.js';
import { CIRCUIT_OPEN, CircuitBreakers } from '../daraja/circuit-breakers.js';
import type { QueryAnswer } from '../daraja/daraja-answer.js';
import { DarajaClient } from '../daraja/daraja-client.js';
import { DARAJA_HTTP_OPTIONS } from '../daraja/daraja-http.js';
import type { DarajaHttpOptions } from '../daraja/daraja-http-options.js';
import { QueryBudget } from '../daraja/query-budget.js';
import { MpesaTelemetry } from '../telemetry/mpesa-telemetry.js';

/** How much longer than its query may take a claimed attempt is left to this process, in ms. */
const LEASE_MARGIN_MS = 10_000;
/** How long a key is left alone after something went wrong, in ms. */
const TROUBLE_MS = 10_000;

/** One look by schedule at what Daraja says, within the budget. */
@Injectable()
export class QueryLook {
  private readonly logger = new Logger(QueryLook.name);
  private troubled = false;

  constructor(
    private readonly store: AttemptStore,
    private readonly evidence: EvidenceService,
    private readonly tokens: AccountTokens,
    private readonly budget: QueryBudget,
    private readonly daraja: DarajaClient,
    private readonly circuits: CircuitBreakers,
    @Inject(MPESA_RANDOM) private readonly random: () => number,
    @Inject(DARAJA_HTTP_OPTIONS) private readonly http: DarajaHttpOptions,
    private readonly telemetry: MpesaTelemetry,
  ) {}

  /**
   * Asks about the account's first due attempt, if the budget has a permit. Never rejects.
   * @returns how long the key is best left alone, in ms
   */
  async take(account: DarajaAccount): Promise<number> {
    try {
      const openMs = this.circuits.waitMs(account, 'query');
      if (openMs > 0) return openMs;
      // Before the permit, whose time begins when it is taken.
      const signedIn = await this.tokens.get(account);
      const waitMs = await this.budget.take(signedIn.account);
      if (waitMs > 0) return waitMs;
      const leaseMs = this.http.totalTimeoutMs + LEASE_MARGIN_MS;
      const attempt = await this.store.claimQuery({ account: account.name, leaseMs });
      if (attempt) await this.ask(signedIn, attempt);
      this.troubled = false;
      return 0;
    } catch (error) {
      this.warnOnce(error);
      return TROUBLE_MS;
    }
  }

  private async ask(signedIn: AccountToken, attempt: AttemptRecord): Promise<void> {
    const attributes = { 'mpesa.attempt.id': attempt.id };
    await this.telemetry.span(
      { name: 'stk.look', kind: 'internal', continues: attempt.traceparent, attributes },
      () => this.askInSpan(signedIn, attempt),
    );
  }

  private async askInSpan(
    { account, token }: AccountToken,
    { id, checkoutRequestId }: AttemptRecord,
  ): Promise<void> {
    if (checkoutRequestId === null) return;
    await failpoint('look.claimed');
    const answer = await this.daraja.queryOnce(account, token, checkoutRequestId);
    await failpoint('look.answered');
    if (answer.outcome === 'unauthorised') await this.tokens.invalidate(account, token);
    const resultCode = answer.outcome === 'answered' ? answer.resultCode : null;
    const answered = answer.outcome === 'answered' || answer.outcome === 'unanswered';
    const counts = answer.outcome === 'answered' || isLook(answer.outcome, answer.failure.cause);
    const scheduled = { counts, spread: 0.8 + 0.4 * this.random() };
    await this.evidence.apply(id, { kind: 'query', resultCode, answered, scheduled });
  }

  private warnOnce(error: unknown): void {
    if (this.troubled) return;
    this.troubled = true;
    const kind = error instanceof Error ? error.name : typeof error;
    this.logger.warn(`Daraja cannot be asked about attempts, which wait until it can: ${kind}`);
  }
}

/** Whether Daraja had the chance to say something, or failed to. */
const isLook = (outcome: QueryAnswer['outcome'], cause: string): boolean =>
  outcome !== 'throttled' && outcome !== 'unauthorised' && cause !== CIRCUIT_OPEN;
