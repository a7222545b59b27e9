import type { StkCallback } from '../attempts/stk-callback.js';
import { ownValue, requireObject, requireText } from './read-json.js';
import { readStkMetadata } from './read-stk-metadata.js';
import { StkCallbackError } from './stk-callback.error.js';

/** Observed ids have up to 37 characters, in several forms: opaque, but printable. */
const ID = /^[\x20-\x7e]+$/;
const MAX_ID_LENGTH = 128;

/** `1032`, `SFC_IC0003`. Official maximum: 10 characters (Daraja 3.0 portal, result parameters). */
const RESULT_CODE = /^[\w.-]+$/;
const MAX_RESULT_CODE_LENGTH = 32;

/** Official maximum (Daraja 3.0 portal, result parameters). */
const MAX_RESULT_DESC_LENGTH = 1_024;

/**
 * Reads the body of an STK callback into a fresh object of named fields. Strict about the envelope,
 * tolerant of every form in which Daraja has been seen to send the rest; a metadata value in any other
 * form is left out. A success without metadata is a callback too: what it counts for is decided elsewhere.
 *
 * @param body the parsed JSON body, or anything else
 * @throws {StkCallbackError} when it is not an STK callback; never anything else
 * @publicApi
 */
export function parseStkCallback(body: unknown): StkCallback {
  try {
    return readCallback(body);
  } catch (error) {
    if (error instanceof StkCallbackError) throw error;
    // A body that does not come from JSON may have getters, which throw what they like.
    throw new StkCallbackError('the body cannot be read');
  }
}

function readCallback(body: unknown): StkCallback {
  const envelope = requireObject(ownValue(requireObject(body, 'the body'), 'Body'), 'Body');
  const callback = requireObject(ownValue(envelope, 'stkCallback'), 'Body.stkCallback');
  return {
    merchantRequestId: readId(callback, 'MerchantRequestID'),
    checkoutRequestId: readId(callback, 'CheckoutRequestID'),
    resultCode: readResultCode(ownValue(callback, 'ResultCode')),
    resultDesc: readResultDesc(ownValue(callback, 'ResultDesc')),
    metadata: readStkMetadata(ownValue(callback, 'CallbackMetadata')),
  };
}

const readId = (callback: object, name: string): string =>
  requireText(ownValue(callback, name), name, MAX_ID_LENGTH, ID);

function readResultCode(value: unknown): string {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  return requireText(text, 'ResultCode', MAX_RESULT_CODE_LENGTH, RESULT_CODE);
}

/** Only for people, so its absence is no reason to lose a callback. */
function readResultDesc(value: unknown): string {
  if (typeof value !== 'string') return '';
  if (value.length > MAX_RESULT_DESC_LENGTH) {
    throw new StkCallbackError(`ResultDesc is longer than ${MAX_RESULT_DESC_LENGTH} characters`);
  }
  // Control characters forge log lines; PostgreSQL cannot store NUL, nor half of a character as JSON.
  return value.replace(/[\p{Cc}\p{Cs}]/gu, ' ');
}
