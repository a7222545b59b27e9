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

const SPACE = /[\t\n\r ]*/y;
// eslint-disable-next-line no-control-regex -- JSON forbids them
const TEXT = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

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
  return new StrictJson(
    Buffer.from(bytes)
      .toString('utf8')
      .replace(/^\ufeff/, ''),
  ).read();
}

class StrictJson {
  private at = 0;
  private values = 0;

  constructor(private readonly json: string) {}

  read(): unknown {
    const value = this.value(0);
    if (this.at < this.json.length) this.refuse();
    return value;
  }

  /** One value, with the white space around it. */
  private value(depth: number): unknown {
    this.values += 1;
    if (this.values > MAX_VALUES) throw new StkCallbackError(`more than ${MAX_VALUES} values`);
    this.take(SPACE);
    const value = this.bareValue(depth);
    this.take(SPACE);
    return value;
  }

  private bareValue(depth: number): unknown {
    switch (this.json[this.at]) {
      case '{':
        return this.object(depth + 1);
      case '[':
        return this.list(depth + 1);
      case '"':
        return this.text();
      case 't':
      case 'f':
      case 'n':
        return JSON.parse(this.take(WORD));
      default:
        return this.number();
    }
  }

  private object(depth: number): unknown {
    const entries = new Map<string, unknown>();
    this.enter(depth);
    this.take(SPACE);
    if (this.skip('}')) return {};
    do {
      this.take(SPACE);
      const name = this.text();
      if (REFUSED_NAMES.has(name)) throw new StkCallbackError(`a property is called ${name}`);
      if (entries.has(name)) throw new StkCallbackError('two properties have the same name');
      this.take(SPACE);
      if (!this.skip(':')) this.refuse();
      entries.set(name, this.value(depth));
    } while (this.skip(','));
    if (!this.skip('}')) this.refuse();
    return Object.fromEntries(entries);
  }

  private list(depth: number): unknown {
    const values: unknown[] = [];
    this.enter(depth);
    this.take(SPACE);
    if (this.skip(']')) return values;
    do values.push(this.value(depth));
    while (this.skip(','));
    if (!this.skip(']')) this.refuse();
    return values;
  }

  private enter(depth: number): void {
    if (depth > MAX_DEPTH) throw new StkCallbackError(`nested deeper than ${MAX_DEPTH} levels`);
    this.at += 1;
  }

  private text(): string {
    const text = JSON.parse(this.take(TEXT)) as string;
    // Half of a character: no database and no log takes it.
    if (/\p{Cs}/u.test(text)) throw new StkCallbackError('a text is not Unicode');
    return text;
  }

  private number(): number {
    const literal = this.take(NUMBER);
    const digits = literal.replace(/[eE].*/, '').replace(/[-.]/g, '');
    const value = Number(literal);
    if (digits.replace(/^0+|0+$/g, '').length > MAX_DIGITS || !Number.isFinite(value)) {
      throw new StkCallbackError('a number has too many digits');
    }
    return value;
  }

  /** What matches here, moving on past it. */
  private take(format: RegExp): string {
    format.lastIndex = this.at;
    const found = format.exec(this.json);
    if (!found) return this.refuse();
    this.at += found[0].length;
    return found[0];
  }

  private skip(character: string): boolean {
    if (this.json[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private refuse(): never {
    throw new StkCallbackError('the body is not JSON');
  }
}
