import type { WireAnswer } from './wire-answer.js';

/**
 * A time in ms by the emulator's clock; a pair is a range to draw from, the same for the same seed.
 * @publicApi
 */
export type EmulatorDelay = number | readonly [fromMs: number, toMs: number];

/**
 * How the push is answered.
 * @publicApi
 */
export interface PushScript {
  /** Default: accepted, as Daraja does it. */
  answer?: WireAnswer;
  /** Whether the phone is asked although the answer is another. Default: only if it is accepted. */
  prompts?: boolean;
  /** Default 0. */
  delayMs?: EmulatorDelay;
  /** Holds the answer back until the first callback was delivered. */
  afterCallback?: boolean;
  /** Makes every token void before this push, which is then refused with 404.001.03. */
  revokesTokens?: boolean;
}

/**
 * What the customer does: `waits` for the virtual phone or a call of yours; `ignores` the prompt until
 * it expires (1037); or ends it with a result code, 0 being paid. The code is sent in the callback
 * with the type that it has here, a number or text.
 * @publicApi
 */
export type CustomerScript =
  | 'waits'
  | 'ignores'
  | {
      /** 0 is paid. */
      resultCode: number | string;
      /** Default: Daraja's usual text for that code. */
      resultDesc?: string;
      /** After the push was answered. Default 0. */
      afterMs?: EmulatorDelay;
    };

/**
 * One callback. What is left out is told as it happened.
 * @publicApi
 */
export interface CallbackScript {
  /** After the customer's answer, or after the callback before it. Default 0. */
  delayMs?: EmulatorDelay;
  /** Sent together with the one before it, not after that was answered. */
  withPrevious?: boolean;
  /** Held back until a callback of another prompt was delivered. */
  afterAnotherPrompt?: boolean;
  /** Sent with the type that it has here, a number or text. */
  resultCode?: number | string;
  /** Default: Daraja's usual text for the code. */
  resultDesc?: string;
  /** Another id than that of the push. */
  merchantRequestId?: string;
  /** Another id than that of the push. */
  checkoutRequestId?: string;
  /** KES; another amount than was paid. */
  amount?: number | string;
  /** Another receipt than that of the payment. */
  receipt?: string;
  /** Default `full`; masked is text like `254708***149`. */
  phoneNumber?: 'full' | 'masked' | 'absent';
  /** Default: no such item. `empty` is an item without a value, `text` the structured string. */
  balance?: 'empty' | 'number' | 'text';
}

/**
 * One answer to a query: `under-processing` is result code 4999, `final` what the customer did,
 * an object an own result code.
 * @publicApi
 */
export type QueryAnswerScript =
  | 'under-processing'
  | 'final'
  | WireAnswer
  | {
      /** Sent as text, as Daraja's are. */
      resultCode: number | string;
      /** Default: Daraja's usual text for that code. */
      resultDesc?: string;
    };

/**
 * How queries are answered, in order; the last one repeats.
 * @publicApi
 */
export interface QueryScript {
  /** While the customer has not answered. Default: `blank-error`, then `under-processing`. */
  pending?: readonly QueryAnswerScript[];
  /** Afterwards. Default: `final`. */
  settled?: readonly QueryAnswerScript[];
}

/**
 * The story of one push, as plain data. What is left out goes as it goes on a good day.
 *
 * ```ts
 * emulator.next({ customer: { resultCode: 0, afterMs: 5_000 }, callbacks: [] }); // paid, callback lost
 * ```
 * @publicApi
 */
export interface EmulatorScenario {
  /** How the push is answered. Default: accepted, at once. */
  push?: PushScript;
  /** Default `waits`. */
  customer?: CustomerScript;
  /** Default: one. An empty list loses the callback. */
  callbacks?: readonly CallbackScript[];
  /** How queries are answered. Default: as Daraja's are. */
  query?: QueryScript;
}
