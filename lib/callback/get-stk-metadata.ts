import type { StkCallback, StkCallbackMetadata } from '../attempts/stk-callback.js';
import { parseStkCallback } from './parse-stk-callback.js';

/**
 * The items of `CallbackMetadata` by name, each in its type; those that are absent, without a value or in
 * a form that Daraja has not been seen to send are left out. Empty for a failure.
 *
 * @param source the parsed JSON body of a callback, or what `parseStkCallback()` returned
 * @throws {StkCallbackError} when it is neither
 * @publicApi
 */
export const getStkMetadata = (source: unknown): StkCallbackMetadata =>
  isStkCallback(source) ? source.metadata : parseStkCallback(source).metadata;

const isStkCallback = (source: unknown): source is StkCallback =>
  typeof source === 'object' &&
  source !== null &&
  Object.hasOwn(source, 'checkoutRequestId') &&
  Object.hasOwn(source, 'metadata');
