import { Injectable } from '@nestjs/common';
import type { QueryAnswered } from '../attempts/evidence.js';
import { failpoint } from '../attempts/failpoint.js';
import type { DarajaAccount } from '../daraja/daraja-account.js';
import type { QueryAnswer } from '../daraja/daraja-answer.js';
import { DarajaClient } from '../daraja/daraja-client.js';
import {
  DarajaAuthError,
  DarajaThrottledError,
  DarajaUnavailableError,
} from '../daraja/daraja.errors.js';
import { describeResultCode } from '../daraja/result-codes.js';
import type { StkFailureReason } from '../daraja/result-codes.types.js';
import type { MpesaError } from '../mpesa.error.js';

/**
 * Daraja's answer to "what became of this prompt?".
 * @publicApi
 */
export interface StkQueryResult {
  /** `pending` for every answer without a code that is known to be final. */
  status: 'pending' | 'completed' | 'failed';
  /** As text; null where the answer carried none. */
  resultCode: string | null;
  /** Why it failed; null unless `failed`. */
  reason: StkFailureReason | null;
  /** Daraja's JSON, cleaned; null where the answer was none. For people. */
  raw: Record<string, unknown> | null;
}

/** Asks Daraja, and reads the answer for the caller or as evidence. */
@Injectable()
export class StkQuery {
  constructor(private readonly daraja: DarajaClient) {}

  async ask(
    account: DarajaAccount,
    checkoutRequestId: string,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<{ result: StkQueryResult; evidence: QueryAnswered }> {
    await failpoint('query.before');
    const answer = await this.daraja.query(account, checkoutRequestId, { signal });
    await failpoint('query.answered');
    const error = errorOfQuery(answer);
    if (error) throw error;
    const resultCode = answer.outcome === 'answered' ? answer.resultCode : null;
    return {
      result: toResult(resultCode, answer.raw),
      evidence: { kind: 'query', resultCode, answered: true },
    };
  }
}

/** Any answer is one to read; only a failure to get one, a refused token or a 429 is an error. */
function errorOfQuery(answer: QueryAnswer): MpesaError | null {
  switch (answer.outcome) {
    case 'answered':
    case 'unanswered':
      return null;
    case 'throttled':
      return new DarajaThrottledError(answer.failure, { outcome: 'unknown' });
    case 'unauthorised':
      return new DarajaAuthError(answer.failure, { outcome: 'unknown' });
    case 'not-sent':
    case 'unknown':
      return new DarajaUnavailableError(answer.failure, { outcome: 'unknown' });
  }
}

function toResult(resultCode: string | null, raw: StkQueryResult['raw']): StkQueryResult {
  const { meaning, reason } = describeResultCode(resultCode ?? '');
  if (meaning === 'success') return { status: 'completed', resultCode, reason: null, raw };
  if (meaning === 'failure') return { status: 'failed', resultCode, reason, raw };
  return { status: 'pending', resultCode, reason: null, raw };
}
