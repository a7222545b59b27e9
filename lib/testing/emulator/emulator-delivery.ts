/**
 * One callback, as it goes out.
 * @publicApi
 */
export interface CallbackDelivery {
  url: string;
  headers: Record<string, string>;
  /** JSON. */
  body: string;
  /** Aborted when the emulator closes. */
  signal: AbortSignal;
}

/**
 * One try to deliver a callback, and what came of it. Daraja tries once, whatever the answer.
 * @publicApi
 */
export interface EmulatorDelivery {
  /** Of the prompt that it is about, even if the body names another. */
  readonly checkoutRequestId: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** ms since 1970, by the emulator's clock. */
  readonly at: number;
  readonly state: 'under-way' | 'answered' | 'failed';
  /** HTTP status of the answer. */
  readonly status: number | null;
  /** Why there was no answer. */
  readonly error: string | null;
}
