/**
 * Daraja's callback after strict parsing: what the customer did with the prompt.
 * @publicApi
 */
export interface StkCallback {
  /** Daraja's id of the request. */
  merchantRequestId: string;
  /** Daraja's id of the prompt; may end in digits of the payer's number. */
  checkoutRequestId: string;
  /** As text: Daraja sends numbers, and strings with letters such as `SFC_IC0003`. */
  resultCode: string;
  /** For people. The text of one code varies by time and channel; never decide on it. */
  resultDesc: string;
  /** The items of `CallbackMetadata` by name; empty for a failure. */
  metadata: StkCallbackMetadata;
}

/**
 * What the callback of a success says of the payment; absent what Daraja left out.
 * @publicApi
 */
export interface StkCallbackMetadata {
  /** Whole shillings; `1`, `1.00` or a decimal string on the wire. As received, not converted. */
  amount?: number | string;
  /** M-Pesa's receipt number. */
  receipt?: string;
  /** When the customer paid (sent as yyyyMMddHHmmss, Africa/Nairobi). */
  paidAt?: Date;
  /** May be masked (`254708***430`) or absent; never a look-up key. */
  phoneNumber?: string;
  /** In KES; seldom sent, and not always as a number: then left out. */
  balance?: number;
}
