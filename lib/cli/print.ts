import type { Terminal } from './terminal.js';

/**
 * Writes an object as one line of JSON, or for people: a line for each field that has a value, under the
 * same names, those of inner objects after a dot.
 */
export function print(terminal: Terminal, value: object, { json }: { json?: boolean }): void {
  terminal.write(json ? `${JSON.stringify(value)}\n` : asLines(value));
}

function asLines(value: object): string {
  const fields = flatten(value);
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join('');
}

const flatten = (value: object, prefix = ''): [string, string][] =>
  Object.entries(value).flatMap(([name, inner]: [string, unknown]): [string, string][] => {
    if (inner === null || inner === undefined) return [];
    if (inner instanceof Date) return [[prefix + name, inner.toISOString()]];
    if (typeof inner === 'object') return flatten(inner, `${prefix}${name}.`);
    return [[prefix + name, typeof inner === 'string' ? inner : JSON.stringify(inner)]];
  });
