import { Injectable } from '@nestjs/common';
import { AttemptStore, type StoreLag } from '../attempts/attempt-store.js';
import { type AccessTokenState, AccessTokens } from '../daraja/access-tokens.js';
import type { CircuitState } from '../daraja/circuit-breaker.js';
import { CircuitBreakers, type DarajaEndpoint } from '../daraja/circuit-breakers.js';
import { InjectMpesaOptions } from '../mpesa.module-definition.js';
import type { ResolvedMpesaOptions } from '../mpesa-resolved-options.js';

/**
 * What the store knows, the same in every instance.
 * @publicApi
 */
export interface MpesaBacklog extends StoreLag {
  /** Deliveries that are parked: a handler failed on them for good. */
  deadEvents: number;
}

/**
 * What this process knows of Daraja by the calls that it made.
 * @publicApi
 */
export interface DarajaLink {
  /** Of each endpoint the worst one, over all consumer keys. */
  circuits: Record<DarajaEndpoint, CircuitState>;
  /** By account; those that a resolver looks up are not among them. */
  accessTokens: Record<string, AccessTokenState>;
}

/**
 * How the module fares: what health checks and gauges are made of. Nothing of it calls Daraja.
 * @publicApi
 */
@Injectable()
export class MpesaDiagnostics {
  constructor(
    private readonly store: AttemptStore,
    private readonly circuits: CircuitBreakers,
    private readonly tokens: AccessTokens,
    @InjectMpesaOptions() private readonly options: ResolvedMpesaOptions,
  ) {}

  /** Resolves where the store answers; rejects with its error. One search of an index. */
  async ping(): Promise<void> {
    await this.store.find('nobody');
  }

  /** Rejects with the store's error. */
  async backlog(): Promise<MpesaBacklog> {
    const [lag, deadEvents] = await Promise.all([this.store.lag(), this.store.countDeadEvents()]);
    return { ...lag, deadEvents };
  }

  /** How calls to Daraja fare, as this process sees it. */
  daraja(): DarajaLink {
    const { account, accounts } = this.options;
    const states = [account, ...Object.values(accounts)].map((each) => [
      each.name,
      this.tokens.stateOf(each),
    ]);
    return {
      circuits: this.circuits.states(),
      accessTokens: Object.fromEntries(states) as DarajaLink['accessTokens'],
    };
  }
}
