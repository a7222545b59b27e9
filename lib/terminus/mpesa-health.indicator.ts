import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import {
  type DarajaLink,
  type MpesaBacklog,
  MpesaDiagnostics,
} from '../diagnostics/mpesa-diagnostics.js';
import { InjectMpesaOptions } from '../mpesa.module-definition.js';
import type { ResolvedMpesaOptions } from '../mpesa-resolved-options.js';
import {
  DEFAULT_OUTBOX_LAG_MS,
  DEFAULT_TIMEOUT_MS,
  DEFAULT_UNRESOLVED_DEADLINES,
  type MpesaHealthLimits,
} from './mpesa-health-limits.js';
import { within } from './within.js';

/**
 * Tells Terminus how the module fares. Asks the store, and of Daraja only what this process knows by
 * itself: no call to Daraja, nothing that costs money.
 *
 * ```ts
 * health.check([() => mpesa.isReady('mpesa')])     // readiness
 * health.check([() => mpesa.isHealthy('mpesa')])   // for people and alerts, never for a probe
 * ```
 * @publicApi
 */
@Injectable()
export class MpesaHealthIndicator {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly diagnostics: MpesaDiagnostics,
    @InjectMpesaOptions() private readonly options: ResolvedMpesaOptions,
  ) {}

  /**
   * Whether this instance can take payments and callbacks: the store answers in time. For readiness
   * probes: nothing else in it, as what ails all instances would take all of them out of service.
   */
  async isReady<const Key extends string>(
    key: Key,
    { timeoutMs = DEFAULT_TIMEOUT_MS }: Pick<MpesaHealthLimits, 'timeoutMs'> = {},
  ): Promise<HealthIndicatorResult<Key>> {
    const check = this.indicator.check(key);
    const answers = await within(
      timeoutMs,
      this.diagnostics.ping().then(() => true),
    );
    return answers ? check.up() : check.down({ problems: [AWAY] });
  }

  /**
   * Whether payments come to their end: `down`, with `problems`, where the store is away, events or
   * attempts are left lying, a circuit breaker is open or Daraja refuses credentials. The figures
   * stand beside it. For people; most of it no restart mends.
   */
  async isHealthy<const Key extends string>(
    key: Key,
    limits: MpesaHealthLimits = {},
  ): Promise<HealthIndicatorResult<Key>> {
    const check = this.indicator.check(key);
    const backlog = await within(
      limits.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      this.diagnostics.backlog(),
    );
    const daraja = this.diagnostics.daraja();
    const problems = [...this.problemsOfStore(backlog, limits), ...problemsOfDaraja(daraja)];
    const figures = { ...backlog, ...daraja };
    return problems.length === 0 ? check.up(figures) : check.down({ ...figures, problems });
  }

  private problemsOfStore(backlog: MpesaBacklog | null, limits: MpesaHealthLimits): string[] {
    if (!backlog) return [AWAY];
    const { expireAfterMs } = this.options.reconciliation;
    const {
      outboxLagMs = DEFAULT_OUTBOX_LAG_MS,
      unresolvedMs = DEFAULT_UNRESOLVED_DEADLINES * expireAfterMs,
    } = limits;
    return [
      ...(backlog.outboxMs > outboxLagMs ? [`an event has waited for ${backlog.outboxMs} ms`] : []),
      ...(backlog.unresolvedMs > unresolvedMs
        ? [`an attempt is not settled after ${backlog.unresolvedMs} ms`]
        : []),
    ];
  }
}

const AWAY = 'the store does not answer';

function problemsOfDaraja({ circuits, accessTokens }: DarajaLink): string[] {
  const open = Object.entries(circuits).filter(([, state]) => state === 'open');
  const refused = Object.entries(accessTokens).filter(([, state]) => state === 'refused');
  return [
    ...open.map(([endpoint]) => `the circuit breaker of ${endpoint} calls is open`),
    ...refused.map(([account]) => `Daraja refuses the credentials of the account '${account}'`),
  ];
}
