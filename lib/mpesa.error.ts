import type { StkAttempt } from './attempts/stk-attempt.js';

const BRAND = Symbol.for('nestjs-mpesa.error');

export interface MpesaErrorDetails {
  /** Stable word for this error, safe to switch on and to show in a log. */
  code: string;
  /** Whether the same call may be repeated as it is, after `retryAfterMs` where that is given. */
  retryable?: boolean;
  /** How long to wait before repeating the call, in ms. */
  retryAfterMs?: number;
  /** The attempt that the error is about, where one exists. */
  attempt?: StkAttempt;
}

/**
 * What every error of this module has in common. Carries no request, header or body: nothing in it
 * is secret, so it can be logged whole.
 * @publicApi
 */
export abstract class MpesaError extends Error {
  /** Stable word for this error, safe to switch on and to show in a log. */
  readonly code: string;
  /** Where `code` is explained, with what to do: a page that is inside the package, in `node_modules`. */
  readonly docs: string;
  /** Whether the same call may be repeated as it is, after `retryAfterMs` where that is given. */
  readonly retryable: boolean;
  /** How long to wait before repeating the call, in ms. */
  readonly retryAfterMs?: number;
  /** The attempt that the error is about, where one exists. */
  readonly attempt?: StkAttempt;

  protected constructor(message: string, details: MpesaErrorDetails) {
    super(message);
    this.name = new.target.name;
    this.code = details.code;
    this.docs = `nestjs-mpesa/docs/codes.md#${details.code}`;
    this.retryable = details.retryable ?? false;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    if (details.attempt) this.attempt = details.attempt;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /**
   * Whether `error` is one of ours. Tells by a brand, not by class identity, so it also holds where
   * an application has loaded both the ESM and the CommonJS build.
   */
  static is(error: unknown): error is MpesaError {
    return typeof error === 'object' && error !== null && BRAND in error;
  }

  /** The same error, about this attempt. A copy: one error may be the answer to many callers. @internal */
  withAttempt(attempt: StkAttempt): this {
    const own = Object.getOwnPropertyDescriptors(this);
    const copy = Object.create(Object.getPrototypeOf(this) as object, own) as this;
    return Object.defineProperty(copy, 'attempt', { value: attempt, enumerable: true });
  }

  /** Its own fields, with the message: what a logger shows. */
  toJSON(): Record<string, unknown> {
    const { name, message, ...own } = this;
    return { name, message: message || this.message, ...own };
  }
}
