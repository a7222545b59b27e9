/**
 * One callback, as it goes out.
 * @publicApi
 */
export interface CallbackDelivery {
  /** The CallBackURL of the push. */
  url: string;
  /** As Daraja sends them. */
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
  /** The CallBackURL of the push. */
  readonly url: string;
  /** As they were sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, as it was sent. */
  readonly body: string;
  /** ms since 1970, by the emulator's clock. */
  readonly at: number;
  /** `failed`: no answer came. */
  readonly state: 'under-way' | 'answered' | 'failed';
  /** HTTP status of the answer. */
  readonly status: number | null;
  /** Why there was no answer. */
  readonly error: string | null;
}
