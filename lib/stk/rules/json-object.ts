import type { JsonObject, JsonValue } from '../../attempts/json.js';

const MAX_BYTES = 4096;
const MAX_DEPTH = 16;
/** Names through which a careless merge reaches a prototype. */
const FORBIDDEN_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

export class JsonProblem extends Error {}

/**
 * A deep copy of plain JSON of at most 4 KiB, so that later changes of the caller's own object change
 * nothing here. Properties that are undefined are left out, as JSON does.
 *
 * @throws JsonProblem for whatever would not survive being stored: class instances, dates, functions,
 * NaN, cycles
 */
export function copyJsonObject(value: unknown): JsonObject {
  const copier = new JsonCopier();
  if (!isPlainObject(value)) throw new JsonProblem('must be a plain object');
  const copy = copier.object(value, 1);
  if (Buffer.byteLength(JSON.stringify(copy)) > MAX_BYTES) throw tooLarge();
  return copy;
}

class JsonCopier {
  /** Nodes still allowed: each takes a byte at least. Bounds the walk of shared and cyclic values. */
  private budget = MAX_BYTES;

  object(value: Record<string, unknown>, depth: number): JsonObject {
    const copy: JsonObject = {};
    for (const [name, property] of Object.entries(value)) {
      if (FORBIDDEN_NAMES.includes(name)) throw new JsonProblem(`must not have the name ${name}`);
      if (property !== undefined) copy[name] = this.any(property, depth);
    }
    return copy;
  }

  private any(value: unknown, depth: number): JsonValue {
    if (--this.budget < 0) throw tooLarge();
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (depth >= MAX_DEPTH) throw new JsonProblem(`must not be nested deeper than ${MAX_DEPTH}`);
    if (Array.isArray(value)) return Array.from(value, (item) => this.any(item, depth + 1));
    if (isPlainObject(value)) return this.object(value, depth + 1);
    throw new JsonProblem(
      'must hold only text, finite numbers, booleans, null, arrays and objects',
    );
  }
}

const tooLarge = (): JsonProblem => new JsonProblem(`must be at most ${MAX_BYTES} bytes of JSON`);

/** Told by the shape of the prototype chain, so that objects of another realm (Jest's, `vm`'s) pass. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
