import type { Rule } from './rule.js';

/** M-Pesa's limit for one transaction, in whole KES, since September 2023 (Daraja portal, FAQ). */
export const MPESA_MAX_AMOUNT = 250_000;

/** Whole shillings from 1 to `maxAmount`, as a number: nothing is rounded, no text is converted. */
export const shillingAmountRule =
  (maxAmount: number): Rule =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maxAmount
      ? null
      : `must be a number of whole shillings from 1 to ${maxAmount}`;
