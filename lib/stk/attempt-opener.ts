import { Injectable, Logger } from '@nestjs/common';
import type { AttemptRecord } from '../attempts/attempt-record.js';
import { AttemptStore } from '../attempts/attempt-store.js';
import { failpoint } from '../attempts/failpoint.js';
import { toStkAttempt } from '../attempts/stk-attempt.js';
import type { StkTransaction } from '../attempts/stk-transaction.js';
import type { DarajaAccount } from '../daraja/daraja-account.js';
import { MpesaError } from '../mpesa.error.js';
import { InjectMpesaOptions } from '../mpesa.module-definition.js';
import type { ResolvedMpesaOptions } from '../mpesa-resolved-options.js';
import { MpesaTelemetry } from '../telemetry/mpesa-telemetry.js';
import type { FreshClaim } from './fresh-claim.js';
import { claimedAttempt, newAttempt } from './new-attempt.js';
import { noSuchAccount, StkAccounts } from './stk-accounts.js';
import type { StkPushInput } from './stk-push-input.js';
import {
  StkIdempotencyError,
  StkOrderBusyError,
  StkOrderPaidError,
  StkStoreUnavailableError,
} from './stk.errors.js';
import { readStkPushInput, validateStkPushInput } from './validate-stk-push-input.js';

/** An input that can be asked for, and the account that is to be paid. */
export interface CheckedInput {
  input: StkPushInput;
  account: DarajaAccount;
}

/** Stores new attempts, where input, order and key allow it. */
@Injectable()
export class AttemptOpener {
  private readonly logger = new Logger(AttemptOpener.name);

  constructor(
    @InjectMpesaOptions() private readonly options: ResolvedMpesaOptions,
    private readonly store: AttemptStore,
    private readonly accounts: StkAccounts,
    private readonly telemetry: MpesaTelemetry,
  ) {}

  /** @throws StkInvalidInputError, MpesaAccountError, MpesaAccountUnavailableError */
  async check(given: StkPushInput): Promise<CheckedInput> {
    const read = readStkPushInput(given);
    const account = await this.accounts.named(read.account);
    const input = validateStkPushInput(read, { ...this.options, account });
    if (!account) throw noSuchAccount();
    return { input, account };
  }

  /**
   * @param how.claim claims the first send with the same commit
   * @throws StkOrderBusyError, StkOrderPaidError, StkIdempotencyError, StkStoreUnavailableError
   */
  async open(
    { input, account }: CheckedInput,
    how: { claim?: FreshClaim | undefined; transaction?: StkTransaction | undefined } = {},
  ): Promise<{ attempt: AttemptRecord; isNew: boolean }> {
    await failpoint('push.before');
    const created = newAttempt(input, account, this.telemetry.traceparent());
    const { outcome, attempt } = await this.store
      .open(how.claim ? claimedAttempt(created, how.claim) : created, how.transaction)
      .catch((error: unknown) => {
        if (MpesaError.is(error)) throw error;
        const kind = error instanceof Error ? error.name : typeof error;
        this.logger.error(`The store did not take a new attempt: ${kind}`);
        throw new StkStoreUnavailableError();
      });
    switch (outcome) {
      case 'opened':
        this.telemetry.count('mpesa.attempts', { 'mpesa.status': 'created' });
        return { attempt, isNew: true };
      case 'replayed':
        return { attempt, isNew: false };
      case 'key-reused':
        throw new StkIdempotencyError(toStkAttempt(attempt));
      case 'order-busy':
        throw new StkOrderBusyError(toStkAttempt(attempt));
      case 'order-paid':
        throw new StkOrderPaidError(toStkAttempt(attempt));
    }
  }
}
