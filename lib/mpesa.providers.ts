import type { Provider } from '@nestjs/common';
import { AccountDirectory } from './accounts/account-directory.js';
import { Clock, SystemClock } from './attempts/clock.js';
import { EvidencePolicy, type StkConfirmation } from './attempts/evidence-policy.js';
import { EvidenceService } from './attempts/evidence.service.js';
import { NudgeBudget } from './attempts/nudge-budget.js';
import { MPESA_RANDOM } from './attempts/random.js';
import { CALLBACK_PATH, CallbackIntake } from './callback/callback-intake.js';
import { CallbackQuarantine } from './callback/callback-quarantine.js';
import { SourceAddresses } from './callback/source-addresses.js';
import { StkCallbackService } from './callback/stk-callback.service.js';
import { AccessTokenStore } from './daraja/access-token-store.js';
import { AccessTokens } from './daraja/access-tokens.js';
import { CircuitBreakers } from './daraja/circuit-breakers.js';
import { DarajaClient } from './daraja/daraja-client.js';
import { DARAJA_HTTP_OPTIONS, DarajaHttp } from './daraja/daraja-http.js';
import { AccountTokens } from './daraja/account-tokens.js';
import { DarajaAccounts } from './daraja/daraja-accounts.js';
import { InMemoryAccessTokenStore } from './daraja/in-memory-access-token.store.js';
import { InProcessRateLimiter } from './daraja/in-process-rate-limiter.js';
import { QueryBudget, QueryBudgetSettings } from './daraja/query-budget.js';
import { RateLimiter } from './daraja/rate-limiter.js';
import { describeResultCode } from './daraja/result-codes.js';
import { MpesaDiagnostics } from './diagnostics/mpesa-diagnostics.js';
import { StkDeliveryRunner } from './events/stk-delivery.runner.js';
import { StkEventDispatcher } from './events/stk-event.dispatcher.js';
import { StkEventMirrors } from './events/stk-event.mirrors.js';
import { StkEventSettings } from './events/stk-event-settings.js';
import { StkHandlerExplorer } from './events/stk-handler.explorer.js';
import { MpesaBootChecks } from './mpesa-boot.checks.js';
import { MPESA_EXTRAS, type MpesaModuleExtras } from './mpesa-extras.js';
import { resolveMpesaOptions, type ResolvedMpesaOptions } from './mpesa-resolved-options.js';
import { MPESA_MODULE_OPTIONS, MPESA_OPTIONS } from './mpesa.module-definition.js';
import type { MpesaModuleOptions } from './mpesa.options.js';
import { AttemptOpener } from './stk/attempt-opener.js';
import { AttemptWatcher } from './stk/attempt-watcher.js';
import { PersonalDataPurge } from './stk/personal-data-purge.js';
import { PushSender } from './stk/push-sender.js';
import { PushesUnderWay } from './stk/pushes-under-way.js';
import { StkAdminService } from './admin/stk-admin.service.js';
import { StkAccounts } from './stk/stk-accounts.js';
import { StkQuery } from './stk/stk-query.js';
import { StkService } from './stk/stk.service.js';
import { QueryLook } from './reconciliation/query-look.js';
import { QueryLooks } from './reconciliation/query-looks.js';
import { Reconciler } from './reconciliation/reconciler.js';
import { SharedNudgeBudget } from './reconciliation/nudge-budget.js';
import { TimeLooks } from './reconciliation/time-looks.js';
import { MpesaTelemetry } from './telemetry/mpesa-telemetry.js';
import { NO_TELEMETRY } from './telemetry/no-telemetry.js';
import { TelemetryListener } from './telemetry/telemetry-listener.js';

const options: Provider[] = [
  {
    provide: MPESA_OPTIONS,
    useFactory: (raw: MpesaModuleOptions, extras: MpesaModuleExtras) =>
      resolveMpesaOptions(raw, extras),
    inject: [MPESA_MODULE_OPTIONS, MPESA_EXTRAS],
  },
  {
    provide: EvidencePolicy,
    useFactory: ({ confirmation, reconciliation }: ResolvedMpesaOptions): EvidencePolicy => ({
      describeResultCode,
      confirmation: (evidence) => confirmationOf(confirmation, evidence),
      scheduledQueries: reconciliation.scheduledQueries,
      firstAfterMs: reconciliation.firstAfterMs,
      expireAfterMs: reconciliation.expireAfterMs,
      giveUpAfterMs: reconciliation.giveUpAfterMs,
    }),
    inject: [MPESA_OPTIONS],
  },
  {
    provide: QueryBudgetSettings,
    useFactory: ({ reconciliation }: ResolvedMpesaOptions): QueryBudgetSettings => ({
      minIntervalMs: reconciliation.minIntervalMs,
    }),
    inject: [MPESA_OPTIONS],
  },
  {
    provide: SourceAddresses,
    useFactory: ({ callback, environment }: ResolvedMpesaOptions) =>
      // The emulator is on this machine.
      new SourceAddresses({ ...callback, loopbackExpected: environment === 'sandbox' }),
    inject: [MPESA_OPTIONS],
  },
  {
    provide: CALLBACK_PATH,
    useFactory: ({ callbackController, callbackPath }: MpesaModuleExtras) =>
      callbackController ? callbackPath : null,
    inject: [MPESA_EXTRAS],
  },
  {
    provide: DARAJA_HTTP_OPTIONS,
    useFactory: ({ http }: ResolvedMpesaOptions) => http,
    inject: [MPESA_OPTIONS],
  },
  {
    provide: StkEventSettings,
    useFactory: (
      { events, eventTransports }: ResolvedMpesaOptions,
      { background }: MpesaModuleExtras,
    ): StkEventSettings => ({ ...events, transports: eventTransports, background }),
    inject: [MPESA_OPTIONS, MPESA_EXTRAS],
  },
];

/** Everything that the module is made of; a persistence's providers come after it and win. */
export const MPESA_PROVIDERS: Provider[] = [
  ...options,
  { provide: Clock, useClass: SystemClock },
  {
    provide: AccessTokenStore,
    useFactory: ({ accessTokenStore }: ResolvedMpesaOptions) =>
      accessTokenStore ?? new InMemoryAccessTokenStore(),
    inject: [MPESA_OPTIONS],
  },
  {
    provide: RateLimiter,
    useFactory: ({ rateLimiter }: ResolvedMpesaOptions, clock: Clock) =>
      rateLimiter ?? new InProcessRateLimiter(clock),
    inject: [MPESA_OPTIONS, Clock],
  },
  {
    provide: MpesaTelemetry,
    useFactory: ({ telemetry }: ResolvedMpesaOptions) => telemetry ?? NO_TELEMETRY,
    inject: [MPESA_OPTIONS],
  },
  QueryBudget,
  { provide: DarajaAccounts, useClass: AccountDirectory },
  { provide: NudgeBudget, useClass: SharedNudgeBudget },
  { provide: MPESA_RANDOM, useValue: Math.random },
  CircuitBreakers,
  DarajaHttp,
  AccessTokens,
  AccountTokens,
  DarajaClient,
  EvidenceService,
  StkAccounts,
  StkQuery,
  AttemptOpener,
  PushSender,
  PushesUnderWay,
  AttemptWatcher,
  PersonalDataPurge,
  StkService,
  StkAdminService,
  CallbackIntake,
  CallbackQuarantine,
  StkCallbackService,
  StkHandlerExplorer,
  StkEventMirrors,
  StkDeliveryRunner,
  StkEventDispatcher,
  TimeLooks,
  QueryLook,
  QueryLooks,
  Reconciler,
  MpesaDiagnostics,
  TelemetryListener,
  MpesaBootChecks,
];

/** A function of the application's that fails must not lower what a success needs. */
function confirmationOf(
  confirmation: ResolvedMpesaOptions['confirmation'],
  evidence: Parameters<EvidencePolicy['confirmation']>[0],
): StkConfirmation {
  if (typeof confirmation !== 'function') return confirmation;
  try {
    return confirmation(evidence);
  } catch {
    return 'query';
  }
}
