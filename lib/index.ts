export { MpesaModule } from './mpesa.module.js';
export type {
  MpesaCallbackOptions,
  MpesaEnvironment,
  MpesaEventOptions,
  MpesaLimitOptions,
  MpesaModuleOptions,
  MpesaPrivacyOptions,
  MpesaReconciliationOptions,
  StkConfirmationPolicy,
} from './mpesa.options.js';
export type { MpesaModuleExtras } from './mpesa-extras.js';
export type { DarajaHttpOptions } from './daraja/daraja-http-options.js';
export type { DarajaAccount, StkTransactionType } from './daraja/daraja-account.js';
export type { MpesaAccount, MpesaAccountResolver } from './accounts/mpesa-account.js';
export type { ResolvedMpesaOptions } from './mpesa-resolved-options.js';
export {
  getMpesaOptionsToken,
  InjectMpesaOptions,
  MPESA_OPTIONS,
  type MpesaModuleAsyncOptions,
  type MpesaOptionsFactory,
} from './mpesa.module-definition.js';
export { mpesaConfig } from './mpesa.config.js';
export type { MpesaPersistence } from './mpesa-persistence.js';
export { inMemoryPersistence } from './in-memory-persistence.js';

export { type StkCallOptions, StkService } from './stk/stk.service.js';
export {
  StkAdminService,
  type StkPersonalData,
  type StkReview,
} from './admin/stk-admin.service.js';
export type { StkOperatorNote, StkResolution } from './admin/stk-resolution.js';
export { StkErasureError } from './admin/stk-erasure.error.js';
export { StkResolutionError } from './admin/stk-resolution.error.js';
export type { StkPushInput } from './stk/stk-push-input.js';
export type { StkQueryResult } from './stk/stk-query.js';
export type { StkPurgeInput, StkPurgeResult } from './stk/personal-data-purge.js';
export type { StkWaitOptions } from './stk/attempt-watcher.js';
export { StkAttemptDto } from './stk/stk-attempt.dto.js';
export { StkPushDto } from './stk/stk-push.dto.js';
export { MpesaValidationPipe } from './stk/mpesa-validation.pipe.js';
export { normalizeMsisdn } from './stk/normalize-msisdn.js';
export {
  IsAccountReference,
  IsCallbackUrl,
  IsKenyanMsisdn,
  IsShillingAmount,
  IsTransactionDesc,
} from './stk/stk.validators.js';

export { getStkMetadata } from './callback/get-stk-metadata.js';
export { parseStkCallback } from './callback/parse-stk-callback.js';
export { SAFARICOM_CALLBACK_IPS } from './callback/safaricom-callback-ips.js';
export type { StkIpPolicy } from './callback/source-addresses.js';
export { StkCallbackBody } from './callback/stk-callback-body.decorator.js';
export type { StkCallbackRequest } from './callback/stk-callback-request.js';
export { StkCallbackRoute } from './callback/stk-callback-route.decorator.js';
export { type StkCallbackReceipt, StkCallbackService } from './callback/stk-callback.service.js';
export type { StkCallback, StkCallbackMetadata } from './attempts/stk-callback.js';

export { OnStkEvent, type OnStkEventOptions } from './events/on-stk-event.decorator.js';
export { EventTransport } from './events/event-transport.js';
export { type StkCloudEvent, toCloudEvent } from './events/to-cloud-event.js';
export { StkEvent, type StkEventClass, type StkEventData } from './attempts/events/stk-event.js';
export { StkCompleted, type StkCompletedData } from './attempts/events/stk-completed.event.js';
export {
  StkCompletedLate,
  type StkCompletedLateData,
} from './attempts/events/stk-completed-late.event.js';
export {
  StkDuplicatePayment,
  type StkDuplicatePaymentData,
} from './attempts/events/stk-duplicate-payment.event.js';
export { StkExpired, type StkExpiredData } from './attempts/events/stk-expired.event.js';
export { StkFailed, type StkFailedData } from './attempts/events/stk-failed.event.js';
export {
  StkNeedsReview,
  type StkNeedsReviewData,
} from './attempts/events/stk-needs-review.event.js';
export {
  StkOutcomeUnknown,
  type StkOutcomeUnknownData,
} from './attempts/events/stk-outcome-unknown.event.js';
export { StkPrompted, type StkPromptedData } from './attempts/events/stk-prompted.event.js';
export {
  StkReceiptReceived,
  type StkReceiptReceivedData,
} from './attempts/events/stk-receipt-received.event.js';
export { StkRejected, type StkRejectedData } from './attempts/events/stk-rejected.event.js';

export type { StkAttempt } from './attempts/stk-attempt.js';
export type { StkAttemptStatus } from './attempts/attempt-status.js';
export type { StkConfirmedBy } from './attempts/attempt-record.js';
export type { StkReviewFlag } from './attempts/review-flag.js';
export type { StkConfirmation, StkSuccessEvidence } from './attempts/evidence-policy.js';
export type { JsonObject, JsonValue } from './attempts/json.js';
export { describeResultCode } from './daraja/result-codes.js';
export type { ResultCodeDescription, StkFailureReason } from './daraja/result-codes.types.js';
export { redactUrl } from './redaction/redact-url.js';

export { MpesaError } from './mpesa.error.js';
export { MpesaAccountError, MpesaAccountUnavailableError } from './mpesa-account.errors.js';
export { MpesaConfigError, type MpesaConfigProblem } from './mpesa-config.error.js';
export { MpesaExceptionFilter } from './mpesa-exception.filter.js';
export {
  StkIdempotencyError,
  type StkInputProblem,
  StkInvalidInputError,
  StkOrderBusyError,
  StkOrderPaidError,
  StkRejectedError,
  StkStoreUnavailableError,
  StkWaitTimeoutError,
} from './stk/stk.errors.js';
export { StkCallbackError } from './callback/stk-callback.error.js';
export {
  DarajaAuthError,
  type DarajaErrorOutcome,
  DarajaThrottledError,
  DarajaUnavailableError,
} from './daraja/daraja.errors.js';

export {
  type AttemptPage,
  AttemptStore,
  type DeadDelivery,
  type QuarantinedCallback,
  type StoredCallback,
  type StoredQuarantine,
  type StoreLag,
} from './attempts/attempt-store.js';
export type { StkHistoryEntry } from './attempts/attempt-history.js';
export type { StkTransaction } from './attempts/stk-transaction.js';
export { StkTransactionError } from './attempts/stk-transaction.error.js';
export { type AccessTokenEntry, AccessTokenStore } from './daraja/access-token-store.js';
export { RateLimiter } from './daraja/rate-limiter.js';
export {
  type DarajaLink,
  type MpesaBacklog,
  MpesaDiagnostics,
} from './diagnostics/mpesa-diagnostics.js';
export {
  MpesaTelemetry,
  type SpanNote,
  type SpanStart,
  type TelemetryAttributes,
} from './telemetry/mpesa-telemetry.js';
export { type MetricSpec, MPESA_METRICS } from './telemetry/metrics.js';
export type { AccessTokenState } from './daraja/access-tokens.js';
export type { CircuitState } from './daraja/circuit-breaker.js';
export type { DarajaEndpoint } from './daraja/circuit-breakers.js';
export { Clock } from './attempts/clock.js';
