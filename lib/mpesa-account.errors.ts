import type { MpesaConfigProblem } from './mpesa-config.error.js';
import { MpesaError } from './mpesa.error.js';

/**
 * An account cannot be used: it is not configured as it must be, or there is none of this name any more.
 * `code` is `MPESA_ACCOUNT`. Nothing was sent; from `push()` and `prepare()`, nothing was stored either.
 * @publicApi
 */
export class MpesaAccountError extends MpesaError {
  /** Name of the account. */
  readonly account: string;
  /** What is wrong, one entry a field. */
  readonly problems: readonly MpesaConfigProblem[];

  constructor(account: string, problems: readonly MpesaConfigProblem[]) {
    const told = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
    super(`The account '${account}' cannot be used: ${told}.`, { code: 'MPESA_ACCOUNT' });
    this.account = account;
    this.problems = problems;
  }
}

/**
 * The resolver of the option `accounts` failed, or took longer than 5 s. `code` is
 * `MPESA_ACCOUNT_UNAVAILABLE`; may be repeated. Nothing was sent; from `push()` and `prepare()`, nothing
 * was stored either. Carries nothing of the resolver's own error, which may hold secrets: the module
 * logs the class of that one.
 * @publicApi
 */
export class MpesaAccountUnavailableError extends MpesaError {
  /** Name of the account. */
  readonly account: string;

  constructor(account: string) {
    super(
      `The account '${account}' cannot be had now: the resolver of the option accounts failed, or took too ` +
        'long. Nothing was sent. Try again; if it goes on, the log has the class of its error.',
      { code: 'MPESA_ACCOUNT_UNAVAILABLE', retryable: true },
    );
    this.account = account;
  }
}
