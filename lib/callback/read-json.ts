import { StkCallbackError } from './stk-callback.error.js';

/** A property of the object itself: what stands on a prototype is never part of a body. */
export const ownValue = (holder: object, key: string): unknown =>
  Object.hasOwn(holder, key) ? (holder as Record<string, unknown>)[key] : undefined;

/** `value`, which must be an object and no array. `place` names it in the error. */
export function requireObject(value: unknown, place: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new StkCallbackError(`${place} must be an object`);
}

/** `value`, which must be text of 1 to `limit` characters in the form of `format`. */
export function requireText(value: unknown, place: string, limit: number, format: RegExp): string {
  if (typeof value !== 'string') throw new StkCallbackError(`${place} must be a string`);
  if (value.length > limit) {
    throw new StkCallbackError(`${place} is longer than ${limit} characters`);
  }
  if (!format.test(value)) {
    throw new StkCallbackError(`${place} is empty or has characters that do not belong there`);
  }
  return value;
}
