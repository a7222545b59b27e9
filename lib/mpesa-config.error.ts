import { MpesaError } from './mpesa.error.js';

/**
 * What is wrong with one option.
 * @publicApi
 */
export interface MpesaConfigProblem {
  /** The option, such as `passKey` or `reconciliation.firstAfterMs`. */
  path: string;
  /** What is wrong and what to do. Never holds the value of a secret. */
  message: string;
}

/**
 * The module cannot start as it is configured. Lists every problem at once, one a line.
 * @publicApi
 */
export class MpesaConfigError extends MpesaError {
  /** One entry an option. */
  readonly problems: readonly MpesaConfigProblem[];

  constructor(problems: readonly MpesaConfigProblem[]) {
    const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
    super(`MpesaModule cannot start:\n${lines.join('\n')}`, { code: 'MPESA_CONFIG' });
    this.problems = problems;
  }
}
