export { MpesaHealthIndicator } from './terminus/mpesa-health.indicator.js';
export type { MpesaHealthLimits } from './terminus/mpesa-health-limits.js';
