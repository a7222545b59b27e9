export { MpesaOpenTelemetry } from './opentelemetry/mpesa-open-telemetry.js';
