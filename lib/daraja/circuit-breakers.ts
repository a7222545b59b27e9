import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../attempts/clock.js';
import { BoundedMap } from '../bounded-map.js';
import { CircuitBreaker, type CircuitState } from './circuit-breaker.js';
import { credentialsKey } from './credentials-key.js';
import type { DarajaAccount } from './daraja-account.js';
import type { DarajaFailure } from './daraja-answer.js';
import { parseErrorBody } from './error-body.js';
import type { HttpResult } from './http-result.js';

/**
 * What of Daraja is called; each fails by itself.
 * @publicApi
 */
export type DarajaEndpoint = 'token' | 'push' | 'query';

/** The worst one last. */
const STATES: readonly CircuitState[] = ['closed', 'half-open', 'open'];

/** The cause of a failure that is none of Daraja's: the call was not made. */
export const CIRCUIT_OPEN = 'circuit-open';

type Credentials = Pick<DarajaAccount, 'baseUrl' | 'consumerKey'>;

/** A circuit breaker for each app, host and endpoint: accounts that share credentials share it. */
@Injectable()
export class CircuitBreakers {
  readonly #logger = new Logger(CircuitBreakers.name);
  readonly #breakers = new BoundedMap<string, CircuitBreaker>();

  constructor(private readonly clock: Clock) {}

  stateOf(account: Credentials, endpoint: DarajaEndpoint): CircuitState {
    return this.#breakers.get(keyOf(account, endpoint))?.state ?? 'closed';
  }

  /** The worst state of each endpoint, over all apps. */
  states(): Record<DarajaEndpoint, CircuitState> {
    const all = [...this.#breakers.entries()];
    const worst = (endpoint: DarajaEndpoint) => {
      const states = all
        .filter(([key]) => key.endsWith(`:${endpoint}`))
        .map(([, { state }]) => state);
      return STATES.findLast((state) => states.includes(state)) ?? 'closed';
    };
    return { token: worst('token'), push: worst('push'), query: worst('query') };
  }

  /** 0 where a call may be made; otherwise how long until one may be tried, in ms. Takes nothing. */
  waitMs(account: Credentials, endpoint: DarajaEndpoint): number {
    return this.#breakers.get(keyOf(account, endpoint))?.waitMs() ?? 0;
  }

  /** Null where the call may be made, which must then be recorded; otherwise why it was not. */
  enter(account: Credentials, endpoint: DarajaEndpoint): DarajaFailure | null {
    const retryAfterMs = this.#breakers.get(keyOf(account, endpoint))?.enter() ?? 0;
    if (retryAfterMs === 0) return null;
    return {
      httpStatus: null,
      errorCode: null,
      errorMessage: 'Most calls of the last half minute failed, so none is made for a while.',
      requestId: null,
      cause: CIRCUIT_OPEN,
      retryAfterMs,
    };
  }

  /** Counts what became of a call. */
  record(account: Credentials, endpoint: DarajaEndpoint, result: HttpResult): void {
    const failed = isFailure(result);
    if (failed === null) return;
    const key = keyOf(account, endpoint);
    let breaker = this.#breakers.get(key);
    if (!breaker) {
      breaker = new CircuitBreaker(this.clock);
      this.#breakers.set(key, breaker);
    }
    if (!breaker.record(failed)) return;
    if (failed) this.#logger.warn(`Daraja's ${endpoint} endpoint fails: no calls for a while`);
    else this.#logger.log(`Daraja's ${endpoint} endpoint answers again`);
  }
}

/** Ended by us, which says nothing of Daraja. */
const OURS = new Set(['aborted', 'send-window-closed']);
/** Daraja's own code: it works, and refuses. */
const DARAJA_CODE = /^\d{3}\.\d{3}(\.|$)/;

/** Whether the endpoint failed, as against refused; null where the call tells neither. */
function isFailure(result: HttpResult): boolean | null {
  if (result.kind === 'failure') return OURS.has(result.cause) ? null : true;
  if (result.status < 500) return false;
  const { errorCode, errorMessage } = parseErrorBody(result);
  return (
    !DARAJA_CODE.test(errorCode ?? '') && !/spike ?arrest/i.test(`${errorCode} ${errorMessage}`)
  );
}

const keyOf = (account: Credentials, endpoint: DarajaEndpoint): string =>
  `${credentialsKey(account)}:${endpoint}`;
