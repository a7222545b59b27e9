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

const [QUOTE, BACKSLASH, COLON, ZERO, NINE] = [0x22, 0x5c, 0x3a, 0x30, 0x39];
const BYTE_ORDER_MARK = 0xfeff;

/** A number from its first digit; an exponent counts as another. */
const NUMBER = /[\d.]+/y;

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
  const json = decode(bytes);
  const value = parse(json);
  // Half of a character is no UTF-8, so that only an escape can be one.
  const names = new Census(json.includes('\\')).count(value);
  if (countNames(json) !== names) {
    throw new StkCallbackError('two properties have the same name');
  }
  return value;
}

function decode(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new StkCallbackError('the body is not JSON');
  }
}

/**
 * How many names stand in JSON that was parsed: a colon outside of a text comes after a name.
 * @throws {StkCallbackError} on its way, at a number of too many digits
 */
function countNames(json: string): number {
  let names = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) isText = !isText;
    else if (isText) continue;
    else if (code === COLON) names += 1;
    else if (code >= ZERO && code <= NINE) at += requireExact(json, at) - 1;
  }
  return names;
}

/** The length of the number that begins here. */
function requireExact(json: string, at: number): number {
  NUMBER.lastIndex = at;
  const literal = NUMBER.exec(json)?.[0] ?? '';
  const isLong = literal.length > MAX_DIGITS;
  if (isLong && literal.replace('.', '').replace(/^0+|0+$/g, '').length > MAX_DIGITS) {
    throw new StkCallbackError('a number has too many digits');
  }
  return literal.length;
}

/** Goes through a value, and counts the names of its properties. */
class Census {
  private values = 0;
  private names = 0;

  constructor(private readonly hasEscapes: boolean) {}

  count(value: unknown): number {
    this.visit(value, 0);
    return this.names;
  }

  private visit(value: unknown, depth: number): void {
    this.values += 1;
    if (this.values > MAX_VALUES) throw new StkCallbackError(`more than ${MAX_VALUES} values`);
    if (typeof value === 'string') this.requireWellFormed(value);
    if (value === Infinity || value === -Infinity) {
      throw new StkCallbackError('a number has too many digits');
    }
    if (typeof value !== 'object' || value === null) return;
    if (depth === MAX_DEPTH) throw new StkCallbackError(`nested deeper than ${MAX_DEPTH} levels`);
    if (Array.isArray(value)) {
      for (const item of value) this.visit(item, depth + 1);
      return;
    }
    for (const name of Object.keys(value)) {
      this.names += 1;
      this.requireWellFormed(name);
      if (REFUSED_NAMES.has(name)) throw new StkCallbackError(`a property is called ${name}`);
      this.visit((value as Record<string, unknown>)[name], depth + 1);
    }
  }

  /** Half of a character: no database and no log takes it. */
  private requireWellFormed(text: string): void {
    if (this.hasEscapes && /\p{Cs}/u.test(text)) {
      throw new StkCallbackError('a text is not Unicode');
    }
  }
}
