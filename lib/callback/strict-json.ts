import { isUtf8 } from 'node:buffer';
import { StkCallbackError } from './stk-callback.error.js';

/** A real callback has less than 1 KiB. */
export const MAX_CALLBACK_BYTES = 16_384;

/** A real callback has 6 levels, and at most 40 values. */
const MAX_DEPTH = 12;
const MAX_VALUES = 400;

/** What a careless reader of the object would take for something of its prototype. */
const REFUSED_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/** More than this a double cannot hold, and two amounts would look alike. */
const MAX_DIGITS = 15;

/** Of JSON that was parsed: a text from its first quote to its last. */
const TEXT = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
const NUMBER = /-?\d[\d.]*/g;

/**
 * Reads JSON (RFC 8259) as `JSON.parse()` does, and refuses what two readers could understand in two ways
 * or what is there to exhaust one: names that stand twice, names of the prototype chain, numbers that a
 * double cannot hold, deep nesting, a great many values, bytes that are no UTF-8.
 * @throws {StkCallbackError} for whatever it refuses; never anything else
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_CALLBACK_BYTES) {
    throw new StkCallbackError(`the body is longer than ${MAX_CALLBACK_BYTES} bytes`);
  }
  if (!isUtf8(bytes)) throw new StkCallbackError('the body is not UTF-8');
  const json = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const value = parse(json);
  const names = new Census().count(value);
  // What remains is numbers, words and marks: each colon comes after a name.
  const bare = json.replace(TEXT, '');
  if (bare.split(':').length - 1 !== names) {
    throw new StkCallbackError('two properties have the same name');
  }
  for (const [literal] of bare.matchAll(NUMBER)) {
    if (literal.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length > MAX_DIGITS) {
      throw new StkCallbackError('a number has too many digits');
    }
  }
  return value;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new StkCallbackError('the body is not JSON');
  }
}

/** Goes through a value, and counts the names of its properties. */
class Census {
  private values = 0;
  private names = 0;

  count(value: unknown): number {
    this.visit(value, 0);
    return this.names;
  }

  private visit(value: unknown, depth: number): void {
    this.values += 1;
    if (this.values > MAX_VALUES) throw new StkCallbackError(`more than ${MAX_VALUES} values`);
    if (typeof value === 'string') wellFormed(value);
    if (value === Infinity || value === -Infinity) {
      throw new StkCallbackError('a number has too many digits');
    }
    if (typeof value !== 'object' || value === null) return;
    if (depth === MAX_DEPTH) throw new StkCallbackError(`nested deeper than ${MAX_DEPTH} levels`);
    if (Array.isArray(value)) {
      for (const item of value) this.visit(item, depth + 1);
      return;
    }
    for (const [name, item] of Object.entries(value)) {
      this.names += 1;
      wellFormed(name);
      if (REFUSED_NAMES.has(name)) throw new StkCallbackError(`a property is called ${name}`);
      this.visit(item, depth + 1);
    }
  }
}

/** Half of a character: no database and no log takes it. */
function wellFormed(text: string): void {
  if (/\p{Cs}/u.test(text)) throw new StkCallbackError('a text is not Unicode');
}
