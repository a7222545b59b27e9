import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { EvidenceService } from '../attempts/evidence.service.js';
import { CallbackQuarantine } from '../callback/callback-quarantine.js';
import { MpesaDiagnostics } from '../diagnostics/mpesa-diagnostics.js';
import type { GaugeName } from './metrics.js';
import { MpesaTelemetry } from './mpesa-telemetry.js';

/** Counts what others tell of, and has the gauges read. */
@Injectable()
export class TelemetryListener implements OnModuleInit, OnModuleDestroy {
  private readonly subscriptions: Subscription[] = [];
  private endObservation: () => void = () => undefined;

  constructor(
    private readonly telemetry: MpesaTelemetry,
    private readonly evidence: EvidenceService,
    private readonly quarantine: CallbackQuarantine,
    private readonly diagnostics: MpesaDiagnostics,
  ) {}

  onModuleInit(): void {
    this.subscriptions.push(
      this.evidence.rises.subscribe(({ status, reason }) => {
        const why = reason ?? undefined;
        this.telemetry.count('mpesa.attempts', { 'mpesa.status': status, 'mpesa.reason': why });
      }),
      this.quarantine.problems.subscribe((problem) => {
        this.telemetry.count('mpesa.callbacks.quarantined', { 'mpesa.problem': problem });
      }),
    );
    this.endObservation = this.telemetry.observe(() => this.gauges());
  }

  onModuleDestroy(): void {
    this.endObservation();
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  /** Those of the store are missing while it does not answer. */
  private async gauges(): Promise<Partial<Record<GaugeName, number>>> {
    const states = Object.values(this.diagnostics.daraja().circuits);
    const open = { 'mpesa.circuits.open': states.filter((state) => state === 'open').length };
    try {
      const { outboxMs, unresolvedMs, deadEvents } = await this.diagnostics.backlog();
      return {
        ...open,
        'mpesa.outbox.lag': outboxMs / 1_000,
        'mpesa.attempt.unresolved.age': unresolvedMs / 1_000,
        'mpesa.events.dead': deadEvents,
      };
    } catch {
      return open;
    }
  }
}
